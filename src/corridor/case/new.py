"""The scaffold that `corridor new FOLDER` writes: three nodes, two routes, every figure marked as assumed."""

from __future__ import annotations

from pathlib import Path

from corridor.case.whole import write_whole

__all__ = ["new_case"]

_FILES = {
    "case.toml": """\
format = 1
title = "Three nodes, two routes"
currency = "USD"
price_year = 2024

[calendar]
start = 2024-01-01
end = 2025-01-01
step = "month"

[calibration]
start = 2024-01-01
end = 2025-01-01

[headline]
good = "crude"
of = "KAZ"
through = "RUS"
""",
    "README.md": """\
# Three nodes, two routes

A field sells crude oil to a market beyond the sea. The pipeline through a neighbour is cheap and has room for most of
it, the railway around is dear. Every figure is made up and marked as assumed: put your own in its place, name where it
comes from in `source`, and describe that source in `sources.csv`.
""",
    "nodes.csv": """\
id,name,country,lon,lat,kind,basis
field,Field,KAZ,53.4,46.1,field,assumed
port,Port,RUS,37.8,44.7,port,assumed
market,Market,XWD,15.0,40.0,world,assumed
""",
    "goods.csv": """\
id,name,unit,hs,barrels_per_tonne,basis,note
crude,Crude oil,Mt,2709,7.5,assumed,density of a light crude
""",
    "links.csv": """\
id,name,from,to,mode,goods,capacity,unit,length_km,resource_cost,tariff,transit_fee,cost_unit,controlled_by,basis,note
pipeline,Pipeline to the port,field,port,pipeline,crude,40,Mt/yr,1500,5,30,3,USD/t,RUS,assumed,
tanker,Tanker from the port,port,market,sea,crude,unlimited,,2500,10,,,USD/t,,assumed,tankers can be chartered
railway,Railway around,field,market,rail,crude,10,Mt/yr,4000,60,20,,USD/t,KAZ,assumed,
""",
    "corridors.csv": """\
id,name,screen,route,note
through_port,Through the port,pipeline,yes,pipeline and tanker
around,Around by rail,railway,yes,
""",
    "corridor_links.csv": """\
corridor,link
through_port,pipeline
through_port,tanker
around,railway
""",
    "supply.csv": """\
id,name,node,good,quantity,unit,avoidable_cost,cost_unit,elasticity_short,basis
wells,Wells,field,crude,45,Mt/yr,60,USD/t,0,assumed
""",
    "demand.csv": """\
id,name,node,good,quantity,unit,price,unserved_value,cost_unit,elasticity_short,basis
buyers,Buyers,market,crude,43,Mt/yr,580,1500,USD/t,-0.3,assumed
""",
    "observations.csv": """\
id,target,good,start,end,value,unit,basis
seen_pipeline,pipeline,crude,2024-01-01,2025-01-01,38,Mt,assumed
seen_railway,railway,crude,2024-01-01,2025-01-01,5,Mt,assumed
""",
    "instruments.csv": """\
id,kind,target,scenarios,start,end,basis,name
port_closed,closure,pipeline,closed,2024-03-01,2024-06-01,assumed,Pipeline closed for three months
""",
    "scenarios.csv": """\
id,name,headline,note
closed,Pipeline closed,yes,What happens if the cheap route closes in spring?
""",
}


def new_case(folder: str | Path) -> Path:
    """Write a small case that reads and checks clean; returns the folder. Raises `CaseError` where it is not empty."""
    return write_whole(Path(folder), _FILES)
