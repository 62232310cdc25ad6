"""Make a study with trials in a database, whose times are the same in every copy."""

import logging
import sys
from datetime import datetime, timedelta

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState, create_trial

MORNING = datetime(2026, 3, 2, 8)
DRAWN_FROM = {
    "load": FloatDistribution(0, 50),
    "metal": CategoricalDistribution(["iron", "brass"]),
}

optuna.logging.set_verbosity(logging.ERROR)
study = optuna.create_study(
    storage=f"sqlite:///{sys.argv[1]}", study_name="hinges", directions=["minimize"]
)
for number in range(12):
    failed = number % 5 == 3
    trial = create_trial(
        state=TrialState.FAIL if failed else TrialState.COMPLETE,
        value=None if failed else (number * 37 % 50) / 4,
        params={"load": number * 3.5, "metal": ["iron", "brass"][number % 2]},
        distributions=DRAWN_FROM,
        user_attrs={"by": "anna"},
    )
    trial.datetime_start = MORNING + timedelta(minutes=number)
    trial.datetime_complete = trial.datetime_start + timedelta(seconds=30)
    study.add_trial(trial)
