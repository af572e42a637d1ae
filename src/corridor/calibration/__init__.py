"""Case -> calibrated case. Above `study`, since finding prices is solving."""

from __future__ import annotations

from corridor.calibration.calibrate import (
    Calibration,
    adjustments,
    calibrate,
    calibration_of,
    fresh_calibration,
    varied_flows,
)

__all__ = ["Calibration", "adjustments", "calibrate", "calibration_of", "fresh_calibration", "varied_flows"]
