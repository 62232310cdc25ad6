"""The rules, profiles and state of a target, by which its transcripts are compared. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from pytest_cutover.compare.confirm import sharing
from pytest_cutover.compare.confirm.confirmation import Compare
from pytest_cutover.compare.diff.launched import NOT_LAUNCHED, Launched
from pytest_cutover.compare.diff.profiles import NO_PROFILES, Profiles
from pytest_cutover.compare.diff.transcripts import ALONE, Comparison, RoundContext, compare
from pytest_cutover.compare.noise.model import Golden, learn
from pytest_cutover.compare.noise.rules import NO_RULES, Mode, Rule, Rules
from pytest_cutover.config.model import Config, RuleKind
from pytest_cutover.config.own_folders import own_folders
from pytest_cutover.config.profiles import PROFILES
from pytest_cutover.config.target import Target
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean
from pytest_cutover.core.exchange import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules, profiles and state of a target, by which two transcripts are compared.

    `shared_state`: both sides see the same data; None where the target does not say, and what is
    seen decides. `launched`: when and where the run launched both sides. `others_write`: other
    workers run tests at the same time.
    """

    rules: Rules = NO_RULES
    profiles: Profiles = NO_PROFILES
    shared_state: bool | None = True
    launched: Launched = NOT_LAUNCHED
    others_write: bool = False

    @classmethod
    def of(cls, config: Config, target: Target) -> Rulebook:
        """Return what the configuration says for a target."""
        return cls(
            rules=rules_of(config),
            profiles=profiles_of(target),
            shared_state=target.shared_state,
            launched=Launched(folders=own_folders(target.baseline, target.candidate)),
        )

    def launched_between(self, times_s: tuple[float, ...]) -> Rulebook:
        """Return the same of a run that launched both sides between two times."""
        return replace(self, launched=replace(self.launched, between_s=times_s))

    def beside(self, noise: tuple[Transcript, Transcript]) -> Compare:
        """Return the comparison under the noise of two recordings. Raises `UnsteadyBaseline`."""
        return self.under(learn(*noise, rules=self.rules))

    def under(self, golden: Golden) -> Compare:
        """Return the comparison under the noise that a golden knows."""

        def compared(
            baseline: Transcript, candidate: Transcript, context: RoundContext = ALONE
        ) -> Comparison:
            judged = partial(
                compare,
                baseline,
                candidate,
                context,
                golden=golden,
                rules=self.rules,
                profiles=self.profiles,
                launched=self.launched,
                others_write=self.others_write,
            )
            if self.shared_state is False and not context.same_side:
                return sharing.stated_apart(judged(shared_state=False), baseline, candidate)
            found = judged(shared_state=True)
            if self.shared_state or context.same_side:
                return found
            separate = partial(judged, shared_state=False)
            return sharing.unstated(found, separate, baseline, candidate, context)

        return compared


def rules_of(config: Config) -> Rules:
    """Return the parity rules of a configuration, in its order."""
    return Rules(
        tuple(
            Rule(
                pointer=rule.pointer,
                mode=Mode(rule.kind.value),
                endpoint=str(rule.endpoint),
                key=rule.unordered if isinstance(rule.unordered, str) else "",
                absolute=rule.tolerance.absolute if rule.tolerance else 0.0,
                relative=rule.tolerance.relative if rule.tolerance else 0.0,
                reason=rule.reason,
            )
            for rule in config.parity.rules
            if rule.kind in RuleKind
        )
    )


def profiles_of(target: Target) -> Profiles:
    """Return the framework profiles of both sides; where none is named, they are recognised.

    The profile `process` is of no framework, and stands back where a twin can be asked.
    """
    names = dict.fromkeys((*target.baseline.profile, *target.candidate.profile))
    process = ["process"] if "process" in names else []
    frameworks = [name for name in names if name != "process"]
    if target.baseline.launched or target.baseline.twin_url:
        process = []
    for side in ("baseline", "candidate"):
        for name in getattr(target, side).profile:
            if name not in PROFILES:
                raise MistakesError(
                    "cutover.toml",
                    [
                        Mistake(
                            key=f"targets.{target.name}.{side}.profile",
                            what=f"no profile has the name {name}",
                            valid=", ".join(sorted(PROFILES)),
                            suggestion=did_you_mean(name, PROFILES),
                            advice="name the framework of this side, or remove the key: without "
                            "it the framework is recognised",
                        )
                    ],
                )
    known = Profiles.named(*frameworks, *process)
    return known if frameworks else Profiles(known.profiles, by_signature=True)
