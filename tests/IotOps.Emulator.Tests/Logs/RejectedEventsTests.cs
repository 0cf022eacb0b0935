using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class RejectedEventsTests : LogsTestBase
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    [Fact]
    public async Task Too_old_ends_before_the_first_good_event_and_too_new_starts_with_the_first_bad_one()
    {
        LogsAnswer answer = await Client.PutAsync(
            "g", "s", (Now - (14 * Day) - 2, "1"), (Now - (14 * Day) - 1, "2"), (Now, "3"), (Now + (2 * Hour), "4"), (Now + (2 * Hour) + 1, "5"));

        answer.Status.ShouldBe(200);
        JsonNode info = answer.Result["rejectedLogEventsInfo"]!;
        ((int?)info["tooOldLogEventEndIndex"]).ShouldBe(2);
        ((int?)info["tooNewLogEventStartIndex"]).ShouldBe(4);
        info["expiredLogEventEndIndex"].ShouldBeNull();
        Messages().ShouldBe(["3", "4"]);
        Emulator.Logs.Requests[0].AcceptedEvents.ShouldBe(2);
    }

    [Fact]
    public async Task Fourteen_days_to_the_millisecond_are_not_too_old()
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now - (14 * Day), "just in time"));

        answer.Result["rejectedLogEventsInfo"].ShouldBeNull();
        Messages().ShouldBe(["just in time"]);
    }

    [Fact]
    public async Task Events_older_than_the_retention_are_expired()
    {
        (await Client.CallAsync("PutRetentionPolicy", """{"logGroupName":"g","retentionInDays":3}""")).Status.ShouldBe(200);

        LogsAnswer answer = await Client.PutAsync("g", "s", (Now - (3 * Day) - 1, "1"), (Now - (3 * Day), "2"), (Now - (2 * Day), "3"));

        JsonNode info = answer.Result["rejectedLogEventsInfo"]!;
        ((int?)info["expiredLogEventEndIndex"]).ShouldBe(1);
        info["tooOldLogEventEndIndex"].ShouldBeNull();
        Messages().ShouldBe(["2", "3"]);
    }

    [Fact]
    public async Task When_every_event_is_rejected_the_call_still_succeeds()
    {
        LogsAnswer answer = await Client.PutAsync("g", "s", (Now + (3 * Hour), "1"));

        answer.Status.ShouldBe(200);
        ((int?)answer.Result["rejectedLogEventsInfo"]!["tooNewLogEventStartIndex"]).ShouldBe(0);
        Messages().ShouldBeEmpty();
    }
}
