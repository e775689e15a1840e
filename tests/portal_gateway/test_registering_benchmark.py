"""The benchmark of the gateway works: what it counts are cases in the register."""

from benchmarks.registering import measure


def test_a_few_submissions_are_measured_on_their_way_into_the_register() -> None:
    figures = measure(submissions=36, engines=["sqlite"])

    assert 0 < figures["sqlite_ratio"] < figures["sqlite_routed_ratio"] < 1
    assert figures["sqlite_a_second_one_after_the_other"] > 0
