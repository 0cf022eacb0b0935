namespace IotOps.Emulator.Tests.Faults;

public sealed class LogsFaultTests : LogsTestBase
{
    [Fact]
    public async Task Every_third_call_fails_and_has_no_effect()
    {
        using FaultHandle fault = Emulator.Faults.Add(new Fault { Operation = "PutLogEvents", Every = 3, Status = 500 });
        var statuses = new List<int>();
        for (int i = 0; i < 7; i++)
        {
            statuses.Add((await Client.PutAsync("g", "s", (Now, i.ToString()))).Status);
        }

        statuses.ShouldBe([200, 200, 500, 200, 200, 500, 200]);
        Messages().ShouldBe(["0", "1", "3", "4", "6"]);
        fault.Hits.ShouldBe(2);
        Emulator.Logs.Requests.Select(r => r.ErrorCode).ShouldBe([null, null, "InternalFailure", null, null, "InternalFailure", null]);
    }

    [Fact]
    public async Task A_spent_or_disposed_fault_no_longer_hits()
    {
        using (Emulator.Faults.Add(new Fault { Operation = "*", Times = 1, Status = 503, Code = "ServiceUnavailableException", RetryAfter = TimeSpan.FromSeconds(2) }))
        {
            LogsAnswer answer = await Client.PutAsync("g", "s", (Now, "m"));
            (answer.Status, answer.Code).ShouldBe((503, "ServiceUnavailableException"));
            Client.LastResponse!.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            (await Client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(200);
        }

        FaultHandle removed = Emulator.Faults.Add(new Fault { Operation = "*", Status = 503 });
        removed.Dispose();
        (await Client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(200);
        removed.Hits.ShouldBe(0);
    }

    [Fact]
    public async Task A_predicate_picks_one_group()
    {
        Emulator.Logs.CreateGroup("denied");
        Emulator.Logs.CreateStream("denied", "s");
        Emulator.Faults.Add(new Fault { Operation = "PutLogEvents", When = r => r.LogGroup == "denied", Status = 400, Code = "AccessDeniedException" });

        (await Client.PutAsync("denied", "s", (Now, "m"))).Code.ShouldBe("AccessDeniedException");
        (await Client.PutAsync("g", "s", (Now, "m"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_drop_after_accepting_keeps_the_events_and_cuts_the_connection()
    {
        Emulator.Faults.Add(new Fault { Operation = "PutLogEvents", Times = 1, DropAfterAccepting = true });

        await Should.ThrowAsync<HttpRequestException>(() => Client.PutAsync("g", "s", (Now, "m")));
        Messages().ShouldBe(["m"]);
    }

    [Fact]
    public async Task A_drop_before_accepting_keeps_nothing()
    {
        Emulator.Faults.Add(new Fault { Operation = "PutLogEvents", Times = 1, DropBeforeAccepting = true });

        await Should.ThrowAsync<HttpRequestException>(() => Client.PutAsync("g", "s", (Now, "m")));
        Messages().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_truncated_body_ends_before_its_announced_length()
    {
        await Client.PutAsync("g", "s", (Now, "m"));
        Emulator.Faults.Add(new Fault { Operation = "GetLogEvents", TruncateBodyAt = 10 });

        await Should.ThrowAsync<HttpRequestException>(() => Client.CallAsync("GetLogEvents", """{"logGroupName":"g","logStreamName":"s"}"""));
    }

    [Fact]
    public async Task A_delay_waits_on_the_emulators_clock()
    {
        Emulator.Faults.Add(new Fault { Operation = "PutLogEvents", Delay = TimeSpan.FromMinutes(10) });

        Task<LogsAnswer> call = Client.PutAsync("g", "s", (Now, "m"));
        await Until(() => Clock.ActiveTimers == 1);
        call.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMinutes(10));

        (await call).Status.ShouldBe(200);
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
