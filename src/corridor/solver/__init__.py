"""Program -> Solution: the only room that knows solvers. Every answer comes with duals in one sign convention."""

from corridor.solver.certificate import THRESHOLDS, Certificate, Thresholds, at_most, certify
from corridor.solver.choose import SolverName, solve_program
from corridor.solver.closed import Closed, solve_closed, solve_unions
from corridor.solver.failure import FailureStatus, InfeasibleProgram, SolverFailure
from corridor.solver.held import HeldEquations
from corridor.solver.infeasibility import Conflict, irreducible_conflict, is_feasible, relax, smallest_relaxation
from corridor.solver.lp_file import lp_text, write_lp
from corridor.solver.repeated import RepeatedProgram
from corridor.solver.uniqueness import dual_direction, near_optimal_range, optimal_face_range, ratio_range
from corridor.solver.warm import WarmProgram

__all__ = [
    "THRESHOLDS",
    "Certificate",
    "Closed",
    "Conflict",
    "FailureStatus",
    "HeldEquations",
    "InfeasibleProgram",
    "RepeatedProgram",
    "SolverFailure",
    "SolverName",
    "Thresholds",
    "WarmProgram",
    "at_most",
    "certify",
    "dual_direction",
    "irreducible_conflict",
    "is_feasible",
    "lp_text",
    "near_optimal_range",
    "optimal_face_range",
    "ratio_range",
    "relax",
    "smallest_relaxation",
    "solve_closed",
    "solve_program",
    "solve_unions",
    "write_lp",
]
