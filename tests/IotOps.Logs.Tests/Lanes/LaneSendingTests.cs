using static IotOps.Logs.Tests.Lanes.LaneHarness;

namespace IotOps.Logs.Tests.Lanes;

public sealed class LaneSendingTests
{
    [Fact]
    public async Task What_is_accepted_moves_the_checkpoint()
    {
        await using var lanes = new LaneHarness();
        lanes.Append("one");
        lanes.Append("two");

        await lanes.DrainAsync();

        lanes.Puts.ShouldBe([["one", "two"]]);
        lanes.Checkpoint[1].ShouldBe(lanes.Written());
        lanes.Statistics.LastAcceptedAt.ShouldNotBeNull();
        (lanes.Statistics with { LastAcceptedAt = null, OldestPending = null }).ShouldBe(new LogShipperStatistics { EventsRead = 2, BytesRead = 6, EventsAccepted = 2, Batches = 1 });
    }

    [Fact]
    public async Task A_batch_waits_for_the_flush_interval()
    {
        await using var lanes = new LaneHarness();
        lanes.Append("one");

        (await lanes.RoundAsync(hurry: false)).ShouldBe(TimeSpan.FromSeconds(5));
        lanes.Puts.ShouldBeEmpty();

        lanes.Time.Advance(TimeSpan.FromSeconds(5));
        await lanes.RoundAsync(hurry: false);
        lanes.Puts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_committed_before_the_service_accepted()
    {
        await using var lanes = new LaneHarness(_ => Error(503, "ServiceUnavailable"));
        lanes.Append("one");

        await lanes.RoundAsync();

        lanes.Checkpoint[1].ShouldBe(0);
        lanes.Statistics.EventsPending.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_has_one_request_under_way()
    {
        var gate = new ManualResetEventSlim();
        await using var lanes = new LaneHarness(_ => { gate.Wait(TimeSpan.FromSeconds(30)); return Ok(); });
        lanes.Append("one");
        lanes.Lanes.Pump(hurry: true);
        lanes.Append("two");
        lanes.Lanes.Pump(hurry: true);
        gate.Set();
        await lanes.Lanes.AttemptsUnderWay;

        lanes.Puts.ShouldBe([["one"]]);
        await lanes.DrainAsync();
        lanes.Puts.ShouldBe([["one"], ["two"]]);
    }

    [Fact]
    public async Task A_service_out_of_reach_for_long_and_then_back_loses_nothing()
    {
        bool up = false;
        await using var lanes = new LaneHarness(_ => up ? Ok() : throw new HttpRequestException("unreachable"));
        int taken = 0;
        for (int i = 0; i < 100; i++)
        {
            taken += lanes.Append($"line {i}") ? 1 : 0;
            await lanes.RoundAsync();
            lanes.Time.Advance(TimeSpan.FromHours(5));
        }

        up = true;
        await lanes.DrainAsync();

        taken.ShouldBe(100);
        lanes.Statistics.EventsAccepted.ShouldBe(100);
        lanes.Statistics.EventsPending.ShouldBe(0);
        lanes.Checkpoint[1].ShouldBe(lanes.Written());
    }

    [Fact]
    public async Task Every_fifth_request_failing_loses_nothing_and_sends_nothing_twice()
    {
        int calls = 0;
        List<string> accepted = [];
        await using var lanes = new LaneHarness(call =>
        {
            if (++calls % 5 == 0)
            {
                return Error(500, "InternalFailure");
            }

            accepted.AddRange(call.Messages);
            return Ok();
        });
        for (int i = 0; i < 50; i++)
        {
            lanes.Append($"line {i}");
            await lanes.DrainAsync();
        }

        accepted.ShouldBe(Enumerable.Range(0, 50).Select(i => $"line {i}"));
        lanes.Statistics.Retries.ShouldBe(12);
    }

    [Fact]
    public async Task A_connection_that_drops_after_the_service_accepted_repeats_that_request_only()
    {
        int calls = 0;
        await using var lanes = new LaneHarness(_ => ++calls == 2 ? throw new HttpRequestException("reset") : Ok());
        foreach (string text in new[] { "a", "b", "c" })
        {
            lanes.Append(text);
            await lanes.DrainAsync();
        }

        lanes.Puts.ShouldBe([["a"], ["b"], ["b"], ["c"]]);
    }

    [Fact]
    public async Task An_answer_that_is_not_the_services_is_no_acceptance()
    {
        int calls = 0;
        await using var lanes = new LaneHarness(_ => ++calls == 1 ? Ok("<html>Sign in to the hotel's network</html>") : Ok());
        lanes.Append("one");

        await lanes.RoundAsync();
        lanes.Checkpoint[1].ShouldBe(0);

        await lanes.DrainAsync();
        lanes.Puts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_group_is_created_with_its_retention()
    {
        HashSet<string> there = [];
        await using var lanes = new LaneHarness(
            call =>
            {
                switch (call.Operation)
                {
                    case "CreateLogGroup":
                        there.Add("group");
                        return Ok();
                    case "CreateLogStream" when there.Contains("group"):
                        there.Add("stream");
                        return Ok();
                    case "PutRetentionPolicy":
                        return Ok();
                    default:
                        return there.Contains("stream") ? Ok() : Error(400, "ResourceNotFoundException");
                }
            },
            o => o with { RetentionDays = 30 });
        lanes.Append("one");

        await lanes.RoundAsync();

        lanes.Calls.Select(c => c.Operation).ShouldBe(
            ["PutLogEvents", "CreateLogStream", "CreateLogGroup", "PutRetentionPolicy", "CreateLogStream", "PutLogEvents"]);
        lanes.Statistics.EventsAccepted.ShouldBe(1);
    }

    [Fact]
    public async Task A_retention_that_may_not_be_set_stops_nothing()
    {
        int streamCalls = 0;
        await using var lanes = new LaneHarness(
            call => call.Operation switch
            {
                "PutRetentionPolicy" => Error(400, "AccessDeniedException"),
                "CreateLogGroup" => Ok(),
                "CreateLogStream" when ++streamCalls == 2 => Ok(),
                "PutLogEvents" when streamCalls == 2 => Ok(),
                _ => Error(400, "ResourceNotFoundException"),
            },
            o => o with { RetentionDays = 30 });
        lanes.Append("one");

        await lanes.RoundAsync();

        lanes.Statistics.EventsAccepted.ShouldBe(1);
    }

    [Fact]
    public async Task Without_leave_to_create_a_missing_group_is_waited_for()
    {
        await using var lanes = new LaneHarness(_ => Error(400, "ResourceNotFoundException"), o => o with { CreateMissing = false });
        lanes.Append("one");

        TimeSpan? wait = await lanes.RoundAsync();

        lanes.Calls.Select(c => c.Operation).ShouldBe(["PutLogEvents"]);
        wait.ShouldBe(TimeSpan.FromSeconds(60));
        lanes.Statistics.EventsPending.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    public async Task A_poison_event_is_found_and_kept_and_the_others_arrive(int poison)
    {
        List<string> accepted = [];
        await using var lanes = new LaneHarness(call =>
        {
            if (call.Messages.Contains($"line {poison}"))
            {
                return Error(400, "InvalidParameterException", "Log event is invalid");
            }

            accepted.AddRange(call.Messages);
            return Ok();
        });
        for (int i = 0; i < 64; i++)
        {
            lanes.Append($"line {i}");
        }

        await lanes.DrainAsync();

        accepted.ShouldBe(Enumerable.Range(0, 64).Where(i => i != poison).Select(i => $"line {i}"));
        lanes.Statistics.EventsQuarantined.ShouldBe(1);
        lanes.Statistics.EventsPending.ShouldBe(0);
        lanes.Checkpoint[1].ShouldBe(lanes.Written());
        File.ReadAllText(lanes.State["quarantine/events.jsonl"]).ShouldContain($"\"message\":\"line {poison}\"");
    }

    [Fact]
    public async Task An_outage_amid_the_halving_loses_and_repeats_nothing()
    {
        int calls = 0;
        List<string> accepted = [];
        await using var lanes = new LaneHarness(call =>
        {
            if (++calls % 3 == 0)
            {
                return Error(503, "ServiceUnavailable");
            }

            if (call.Messages.Contains("line 5"))
            {
                return Error(400, "InvalidParameterException");
            }

            accepted.AddRange(call.Messages);
            return Ok();
        });
        for (int i = 0; i < 32; i++)
        {
            lanes.Append($"line {i}");
        }

        await lanes.DrainAsync();

        accepted.ShouldBe(Enumerable.Range(0, 32).Where(i => i != 5).Select(i => $"line {i}"));
        lanes.Statistics.EventsAccepted.ShouldBe(31);
        lanes.Statistics.EventsQuarantined.ShouldBe(1);
    }

    [Fact]
    public async Task One_denied_group_never_slows_the_others()
    {
        await using var lanes = new LaneHarness(
            call => call.Group == "denied" ? Error(400, "AccessDeniedException") : Ok(),
            o => o with { MaxParallelRequests = 1, MaxBufferedBytes = 4 << 20 });
        byte[] line = new byte[1000];
        line.AsSpan().Fill((byte)'x');
        for (int stream = 10; stream < 30; stream++)
        {
            while (lanes.Append(line, stream.ToString(), group: "denied"))
            {
            }
        }

        for (int stream = 10; stream < 30; stream++)
        {
            await lanes.RoundAsync();
        }

        int taken = 0;
        for (int i = 0; i < 20_000; i++)
        {
            if (!lanes.Append(line, "1"))
            {
                await lanes.RoundAsync(hurry: false);
                lanes.Append(line, "1").ShouldBeTrue("a denied group held the memory or the permit");
            }

            taken++;
        }

        await lanes.RoundAsync();
        await lanes.RoundAsync();
        lanes.Statistics.EventsAccepted.ShouldBe(taken);
    }

    [Fact]
    public async Task Credentials_that_expired_are_replaced_and_the_batch_goes_on()
    {
        int calls = 0;
        await using var lanes = new LaneHarness(_ => ++calls == 1 ? Error(400, "ExpiredTokenException") : Ok());
        lanes.Append("one");

        await lanes.RoundAsync();

        lanes.Statistics.EventsAccepted.ShouldBe(1);
        lanes.Statistics.Retries.ShouldBe(1);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    [InlineData(50 * 365 * 24 * 60)]
    [InlineData(-50 * 365 * 24 * 60)]
    public async Task With_a_wrong_clock_events_arrive_with_the_right_time(int minutesWrong)
    {
        var right = new DateTimeOffset(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);
        int calls = 0;
        await using var lanes = new LaneHarness(_ =>
        {
            HttpResponseMessage answer = ++calls == 1 ? Error(400, "InvalidSignatureException", "Signature expired") : Ok();
            answer.Headers.Date = right;
            return answer;
        });
        lanes.Time.SetUtcNow(right.AddMinutes(minutesWrong));
        lanes.Lanes.Tick();
        lanes.Append("arrival");
        lanes.Append("own time", timestamp: right.AddSeconds(-5).ToUnixTimeMilliseconds());

        await lanes.RoundAsync();

        lanes.Calls[^1].Timestamps.ShouldBe([right.AddSeconds(-5).ToUnixTimeMilliseconds(), right.ToUnixTimeMilliseconds()]);
        lanes.Statistics.EventsAccepted.ShouldBe(2);
        lanes.Statistics.EventsRetimed.ShouldBe(0);
    }

    [Fact]
    public async Task Events_the_service_finds_too_old_are_sent_again_with_its_time()
    {
        int calls = 0;
        await using var lanes = new LaneHarness(_ =>
            ++calls == 1 ? Ok("""{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1,"tooNewLogEventStartIndex":3}}""") : Ok());
        long now = lanes.Time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < 4; i++)
        {
            lanes.Append($"line {i}", timestamp: now - 10 + i);
        }

        await lanes.DrainAsync();

        lanes.Puts.ShouldBe([["line 0", "line 1", "line 2", "line 3"], ["line 0", "line 3"]]);
        lanes.Calls[^1].Timestamps.ShouldBe([now, now]);
        lanes.Statistics.EventsAccepted.ShouldBe(4);
        lanes.Statistics.EventsRetimed.ShouldBe(2);
    }

    [Fact]
    public async Task Under_reject_events_the_service_finds_too_old_are_counted_and_done()
    {
        await using var lanes = new LaneHarness(
            _ => Ok("""{"rejectedLogEventsInfo":{"expiredLogEventEndIndex":2}}"""), o => o with { OldEvents = OldEvents.Reject });
        long now = lanes.Time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < 3; i++)
        {
            lanes.Append($"line {i}", timestamp: now + i);
        }

        await lanes.DrainAsync();

        lanes.Puts.Count.ShouldBe(1);
        lanes.Statistics.EventsAccepted.ShouldBe(1);
        lanes.Statistics.EventsRejected.ShouldBe(2);
        lanes.Checkpoint[1].ShouldBe(lanes.Written());
    }

    [Fact]
    public async Task An_event_refused_even_with_the_services_time_is_given_up_and_counted()
    {
        await using var lanes = new LaneHarness(_ => Ok("""{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"""));
        lanes.Append("one", timestamp: 0);

        await lanes.DrainAsync();

        lanes.Puts.Count.ShouldBe(2);
        lanes.Statistics.EventsRejected.ShouldBe(1);
    }

    [Fact]
    public async Task A_disk_that_refuses_the_checkpoint_does_not_stop_the_shipping()
    {
        await using var lanes = new LaneHarness();
        lanes.Checkpoint.Refuses = true;
        lanes.Append("one");
        await lanes.DrainAsync();
        lanes.Append("two");
        await lanes.DrainAsync();
        lanes.Checkpoint.Refuses = false;
        lanes.Append("three");
        await lanes.DrainAsync();

        lanes.Statistics.EventsAccepted.ShouldBe(3);
        lanes.Statistics.CheckpointFailures.ShouldBe(2);
        lanes.Checkpoint[1].ShouldBe(lanes.Written());
    }

    [Fact]
    public async Task An_endpoint_that_refuses_gzip_gets_the_batch_without_and_is_not_asked_again()
    {
        await using var lanes = new LaneHarness(call => call.Gzip ? Error(500, "InternalFailure") : Ok(), o => o with { Gzip = true });
        for (int i = 0; i < 2; i++)
        {
            lanes.Append(new string('x', 5000));
            await lanes.DrainAsync();
        }

        lanes.Calls.Select(c => c.Gzip).ShouldBe([true, false, false]);
        lanes.Statistics.Retries.ShouldBe(0);
    }

    [Theory]
    [InlineData(400, "InvalidSignatureException")]
    [InlineData(400, "ResourceNotFoundException")]
    [InlineData(400, "ThrottlingException")]
    [InlineData(400, "ExpiredTokenException")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task A_refusal_that_has_another_cause_says_nothing_against_gzip(int status, string code)
    {
        int puts = 0;
        await using var lanes = new LaneHarness(
            call => call.Operation == "PutLogEvents" && ++puts == 1 ? Error(status, code) : Ok(), o => o with { Gzip = true });
        lanes.Append(new string('x', 5000));

        await lanes.DrainAsync();

        lanes.Calls.Where(c => c.Operation == "PutLogEvents").Select(c => c.Gzip).ShouldBe([true, true]);
    }

    [Fact]
    public async Task An_endpoint_that_took_gzip_once_is_not_doubted_for_an_error()
    {
        int calls = 0;
        await using var lanes = new LaneHarness(_ => ++calls == 2 ? Error(500, "InternalFailure") : Ok(), o => o with { Gzip = true });
        for (int i = 0; i < 2; i++)
        {
            lanes.Append(new string('x', 5000));
            await lanes.DrainAsync();
        }

        lanes.Calls.Select(c => c.Gzip).ShouldBe([true, true, true]);
    }

    [Fact]
    public async Task A_stream_that_works_fills_its_requests()
    {
        await using var lanes = new LaneHarness();
        lanes.Append("proof");
        await lanes.DrainAsync();
        string line = new('x', 100);
        for (int i = 0; i < 3 * 8322; i++)
        {
            if (!lanes.Append(line))
            {
                await lanes.RoundAsync(hurry: false);
                lanes.Append(line).ShouldBeTrue();
            }
        }

        await lanes.DrainAsync();
        lanes.Puts.Skip(1).Select(p => p.Length).ShouldBe([8322, 8322, 8322]);
    }
}
