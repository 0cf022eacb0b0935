namespace IotOps.Emulator.Tests;

public sealed class DiscardTests : LogsTestBase
{
    private protected override EmulatorOptions Options => base.Options with { DiscardLogEvents = true };

    [Fact]
    public async Task Discarded_events_are_checked_and_counted_but_not_kept()
    {
        (await Client.PutAsync("g", "s", (Now, "one"), (Now, "two"))).Status.ShouldBe(200);
        (await Client.PutAsync("g", "s", (Now, ""))).Status.ShouldBe(400);

        (Emulator.Logs.AcceptedEvents, Emulator.Logs.AcceptedBytes, Emulator.Logs.EventCount("g", "s")).ShouldBe((2, 6, 2));
        Emulator.Logs.Events("g", "s").ShouldBeEmpty();
    }
}
