"""Who holds, controls and finally benefits from whom: pure functions over exact stakes, for a few parties or a city.

It must not know where stakes are kept, who asks, or any rule of the pack: owning is never an office (S6).
"""

from graph.ownership.beneficial import Beneficiaries, Beneficiary, beneficial_owners
from graph.ownership.chart import Chart, Owning, View, draw_chart
from graph.ownership.close import close_links
from graph.ownership.control import HALF, Control, control_from_every_holder, controlled, controllers
from graph.ownership.flaws import flaws
from graph.ownership.integrated import at_least, exact_share, shares_in, shares_of
from graph.ownership.network import UNKNOWN, WHOLE, Network
from graph.ownership.rings import rings
from graph.ownership.stakes import Charge, Concert, Declared, Stake, Stakes, sure_on
from graph.ownership.steps import draw_steps, in_office
from graph.ownership.unknown import another_controller, another_owner

__all__ = [
    "HALF",
    "UNKNOWN",
    "WHOLE",
    "Beneficiaries",
    "Beneficiary",
    "Charge",
    "Chart",
    "Concert",
    "Control",
    "Declared",
    "Network",
    "Owning",
    "Stake",
    "Stakes",
    "View",
    "another_controller",
    "another_owner",
    "at_least",
    "beneficial_owners",
    "close_links",
    "control_from_every_holder",
    "controlled",
    "controllers",
    "draw_chart",
    "draw_steps",
    "exact_share",
    "flaws",
    "in_office",
    "rings",
    "shares_in",
    "shares_of",
    "sure_on",
]
