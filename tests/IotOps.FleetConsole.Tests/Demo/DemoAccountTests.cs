using IotOps.Detect;
using IotOps.Samples.FleetConsole.Demo;

namespace IotOps.FleetConsole.Tests.Demo;

public sealed class DemoAccountTests : IDisposable
{
    private readonly string _journal = Directory.CreateTempSubdirectory("demo-account-").FullName;

    public void Dispose() => Directory.Delete(_journal, recursive: true);

    [Fact]
    public async Task The_suspect_can_be_quarantined_and_released()
    {
        await using DemoAccount account = await DemoAccount.StartAsync(["a", "b", "c", "suspect"], "suspect", TestContext.Current.CancellationToken);
        QuarantineRunbook runbook = account.Quarantine(_journal).Runbook;

        QuarantinePlan plan = await runbook.PlanAsync(new QuarantineRequest("v1", "suspect"), TestContext.Current.CancellationToken);
        QuarantineStatus held = await runbook.ExecuteAsync(plan, "amy", TestContext.Current.CancellationToken);
        QuarantineStatus undone = await runbook.UndoAsync("v1", "amy", "it was a drill", TestContext.Current.CancellationToken);

        plan.Refusals.ShouldBeEmpty();
        (held.State, undone.State).ShouldBe((QuarantineState.Held, QuarantineState.Undone));
    }

    [Fact]
    public async Task A_thing_that_shares_its_certificate_is_refused_with_the_name_of_the_other()
    {
        await using DemoAccount account = await DemoAccount.StartAsync(["a", "b", "c", "suspect"], "suspect", TestContext.Current.CancellationToken);

        QuarantinePlan plan = await account.Quarantine(_journal).Runbook.PlanAsync(new QuarantineRequest("v1", "a"), TestContext.Current.CancellationToken);

        plan.IsAllowed.ShouldBeFalse();
        plan.OtherThings.ShouldBe(["b"]);
    }
}
