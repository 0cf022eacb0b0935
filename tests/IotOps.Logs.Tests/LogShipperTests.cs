using System.Text;
using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Logs.Tests;

public sealed class LogShipperTests : IAsyncLifetime
{
    private readonly TempDirectory _state = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task Events_written_by_the_caller_arrive_and_the_spool_is_empty_again()
    {
        await using var shipper = new LogShipper(Options());
        shipper.Start();
        for (int i = 0; i < 1000; i++)
        {
            shipper.TryWrite("g", "s", DateTimeOffset.FromUnixTimeMilliseconds(i) + Recently, Encoding.UTF8.GetBytes($"line {i}")).ShouldBeTrue();
        }

        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);

        _aws.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(Enumerable.Range(0, 1000).Select(i => $"line {i}"));
        Directory.GetFiles(_state["spool"], "*", SearchOption.AllDirectories).ShouldBeEmpty();
        shipper.Statistics.EventsAccepted.ShouldBe(1000);
        shipper.Statistics.EventsPending.ShouldBe(0);
    }

    [Fact]
    public async Task The_lines_of_a_file_arrive_and_are_not_sent_again_after_a_restart()
    {
        string[] lines = [.. Enumerable.Range(0, 30_000).Select(i => $"{i:D6} a line with some text in it to give it a usual length")];
        await File.WriteAllLinesAsync(_state["app.log"], lines);
        LogShipperOptions options = Options() with { Files = [new LogFileOptions { Path = _state["*.log"], Group = "g", Stream = "{file}" }] };
        await using (var first = new LogShipper(options))
        {
            first.Start();
            await first.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);
            (await first.StopAsync(Soon)).EventsAccepted.ShouldBe(lines.Length);
        }

        await File.AppendAllTextAsync(_state["app.log"], "one more\n");
        await using var second = new LogShipper(options);
        second.Start();
        await second.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);

        _aws.Logs.Events("g", "app.log").Select(e => e.Message).ShouldBe([.. lines, "one more"]);
    }

    [Fact]
    public async Task A_logger_that_throws_does_not_end_shipping()
    {
        // The first message says that the file is tailed, the second that the loop has met an error.
        var log = new TestLogger { Error = new InvalidOperationException("the host's own"), Errors = 2 };
        await File.WriteAllTextAsync(_state["app.log"], "a line\n");
        await using var shipper = new LogShipper(Options() with
        {
            Files = [new LogFileOptions { Path = _state["*.log"], Group = "g", Stream = "{file}" }],
            LoggerFactory = log,
        });
        shipper.Start();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);
        _aws.Logs.Events("g", "app.log").Select(e => e.Message).ShouldBe(["a line"]);
        log.Errors.ShouldBe(0);
    }

    [Fact]
    public async Task A_state_directory_serves_one_shipper_and_is_free_after_a_failed_try()
    {
        Should.Throw<ArgumentException>(() => new LogShipper(
            Options() with { Files = [new LogFileOptions { Path = "/x/*.log", Group = "{nonsense}", Stream = "s" }] }));
        await using var first = new LogShipper(Options());
        Should.Throw<IOException>(() => new LogShipper(Options())).Message.ShouldContain(_state.Path);
    }

    [Fact]
    public async Task Stopping_drains_what_was_written()
    {
        await using var shipper = new LogShipper(Options());
        shipper.Start();
        shipper.TryWrite("g", "s", Now, "last words"u8).ShouldBeTrue();

        LogShipperStatistics final = await shipper.StopAsync(Soon);

        final.EventsPending.ShouldBe(0);
        _aws.Logs.Events("g", "s").Single().Message.ShouldBe("last words");
    }

    [Fact]
    public async Task What_is_not_accepted_at_the_deadline_is_sent_by_the_next_start()
    {
        FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 });
        await using (var first = new LogShipper(Options()))
        {
            first.Start();
            first.TryWrite("g", "s", Now, "kept"u8).ShouldBeTrue();
            using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            (await first.StopAsync(deadline.Token)).EventsPending.ShouldBe(1);
        }

        outage.Dispose();
        await using var second = new LogShipper(Options());
        second.Start();
        await second.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        _aws.Logs.Events("g", "s").Single().Message.ShouldBe("kept");
        (second.Statistics with { LastAcceptedAt = null, OldestPending = null }).ShouldBe(new LogShipperStatistics { EventsRead = 1, BytesRead = 4, EventsAccepted = 1, Batches = 1, Retries = 1 });
    }

    [Fact]
    public async Task A_stream_deleted_under_it_is_made_again()
    {
        await using var shipper = new LogShipper(Options());
        shipper.Start();
        shipper.TryWrite("g", "s", Now, "before"u8);
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);
        _aws.Logs.DeleteStream("g", "s");

        shipper.TryWrite("g", "s", Now, "after"u8);
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        _aws.Logs.Events("g", "s").Single().Message.ShouldBe("after");
    }

    [Theory]
    [InlineData(LogGroupClass.InfrequentAccess, "INFREQUENT_ACCESS", true)]
    [InlineData(LogGroupClass.Essentials, "ESSENTIALS", false)]
    [InlineData(LogGroupClass.Standard, "STANDARD", false)]
    public async Task A_group_that_is_created_has_the_class_key_tags_and_protection_of_the_options(LogGroupClass given, string expected, bool isProtected)
    {
        const string Key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        await using var shipper = new LogShipper(Options() with
        {
            RetentionDays = 30,
            GroupClass = given,
            GroupDeletionProtection = isProtected,
            GroupKmsKeyArn = Key,
            GroupTags = new Dictionary<string, string>(StringComparer.Ordinal) { ["fleet"] = "pumps of Köln", ["cost:centre"] = "" },
        });
        shipper.Start();
        shipper.TryWrite("g", "s", Now, "m"u8);
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        (_aws.Logs.GroupClass("g"), _aws.Logs.KmsKeyId("g"), _aws.Logs.RetentionInDays("g"), _aws.Logs.IsProtected("g")).ShouldBe((expected, Key, 30, isProtected));
        _aws.Logs.Tags("g").ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["fleet"] = "pumps of Köln", ["cost:centre"] = "" }, ignoreOrder: true);
        _aws.Logs.Events("g", "s").Single().Message.ShouldBe("m");
    }

    [Fact]
    public async Task A_dated_stream_of_a_file_takes_each_days_events_in_turn()
    {
        DateTimeOffset yesterday = Now.AddDays(-1);
        await File.WriteAllTextAsync(_state["app.log"], $"{yesterday:O} one\n{yesterday:O} two\n{yesterday.AddDays(1):O} three\n");
        await using var shipper = new LogShipper(Options() with
        {
            FlushInterval = TimeSpan.FromMilliseconds(50),
            Files = [new LogFileOptions { Path = _state["app.log"], Group = "g", Stream = "{date}", Timestamp = LogTimestampOptions.Iso8601 }],
        });
        shipper.Start();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);

        _aws.Logs.Events("g", $"{yesterday:yyyy-MM-dd}").Select(static e => e.Message[^3..]).ShouldBe(["one", "two"]);
        _aws.Logs.Events("g", $"{yesterday.AddDays(1):yyyy-MM-dd}").Single().Message.ShouldEndWith("three");
    }

    [Fact]
    public async Task A_message_over_the_event_limit_is_split_between_characters()
    {
        await using var shipper = new LogShipper(Options() with { MaxEventBytes = 256 });
        shipper.Start();
        string text = string.Concat(Enumerable.Repeat("é😀", 200));

        shipper.TryWrite("g", "s", Now, Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        IReadOnlyList<ReceivedLogEvent> events = _aws.Logs.Events("g", "s");
        string.Concat(events.Select(e => e.Message)).ShouldBe(text);
        events.ShouldAllBe(e => Encoding.UTF8.GetByteCount(e.Message) + 26 <= 256);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_become_replacement_characters()
    {
        await using var shipper = new LogShipper(Options());
        shipper.Start();

        shipper.TryWrite("g", "s", Now, [(byte)'a', 0xFF, (byte)'b']).ShouldBeTrue();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        _aws.Logs.Events("g", "s").Single().Message.ShouldBe("a\uFFFDb");
    }

    [Fact]
    public async Task An_empty_message_is_no_event_and_spares_those_around_it()
    {
        await using var shipper = new LogShipper(Options());
        shipper.Start();
        shipper.TryWrite("g", "s", Now, "one"u8).ShouldBeTrue();
        shipper.TryWrite("g", "s", Now, []).ShouldBeFalse();
        shipper.TryWrite("g", "s", Now, "two"u8).ShouldBeTrue();

        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        _aws.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(["one", "two"]);
        shipper.Statistics.EventsDropped.ShouldBe(1);
    }

    [Fact]
    public async Task A_spool_file_that_someone_removed_is_counted_and_holds_nothing_up()
    {
        FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 });
        await using var shipper = new LogShipper(Options() with { FlushInterval = TimeSpan.FromMilliseconds(10) }, static () => 0);
        shipper.Start();
        shipper.TryWrite("g", "s", Now, "removed"u8).ShouldBeTrue();
        while (outage.Hits == 0)
        {
            await Task.Yield();
        }

        foreach (string path in Directory.GetFiles(_state["spool"], "*.seg", SearchOption.AllDirectories))
        {
            File.Delete(path);
        }

        shipper.TryWrite("g", "s", Now, "kept"u8).ShouldBeTrue();
        outage.Dispose();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);

        // The one under way may have been in memory when its file went.
        string[] received = [.. _aws.Logs.Events("g", "s").Select(e => e.Message)];
        received[^1].ShouldBe("kept");
        shipper.Statistics.EventsDropped.ShouldBe(2 - received.Length);
    }

    [Fact]
    public async Task After_the_stop_an_event_is_refused_and_counted()
    {
        await using var shipper = new LogShipper(Options());
        await shipper.StopAsync(Soon);

        shipper.TryWrite("g", "s", Now, "late"u8).ShouldBeFalse();

        shipper.Statistics.EventsDropped.ShouldBe(1);
        Should.Throw<ObjectDisposedException>(shipper.Start);
    }

    [Fact]
    public async Task Waiting_for_idle_ends_with_the_shipper()
    {
        var shipper = new LogShipper(Options());
        shipper.Start();
        Task waiting = shipper.WaitUntilIdleAsync(TimeSpan.FromHours(1), Soon);

        await shipper.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(waiting);
    }

    [Theory]
    [InlineData("", "s")]
    [InlineData("aws/g", "s")]
    [InlineData("g g", "s")]
    [InlineData("g", "a:b")]
    [InlineData("g", "a*b")]
    [InlineData("g", "")]
    public async Task Names_the_service_does_not_take_are_the_callers_bug(string group, string stream)
    {
        await using var shipper = new LogShipper(Options());

        Should.Throw<ArgumentException>(() => shipper.TryWrite(group, stream, Now, "m"u8));
    }

    public static TheoryData<string, Func<LogShipperOptions, LogShipperOptions>> Wrong => new()
    {
        { "StateDirectory", o => o with { StateDirectory = " " } },
        { "Region", o => o with { Region = "" } },
        { "RetentionDays", o => o with { RetentionDays = 2 } },
        { "GroupClass", o => o with { GroupClass = (LogGroupClass)3 } },
        { "GroupKmsKeyArn", o => o with { GroupKmsKeyArn = "1234abcd-12ab-34cd-56ef-1234567890ab" } },
        { "GroupKmsKeyArn", o => o with { GroupKmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:alias/logs" } },
        { "GroupTags", o => o with { GroupTags = new Dictionary<string, string>(StringComparer.Ordinal) { ["aws:x"] = "" } } },
        { "GroupTags", o => o with { GroupTags = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" } } },
        { "GroupTags", o => o with { GroupTags = new Dictionary<string, string>(StringComparer.Ordinal) { ["k"] = "semi;colon" } } },
        { "GroupTags", o => o with { GroupTags = Enumerable.Range(0, 51).ToDictionary(static i => $"k{i}", static _ => "", StringComparer.Ordinal) } },
        { "FlushInterval", o => o with { FlushInterval = TimeSpan.Zero } },
        { "PollInterval", o => o with { PollInterval = TimeSpan.Zero } },
        { "MaxEventBytes", o => o with { MaxEventBytes = 1_048_577 } },
        { "MaxParallelRequests", o => o with { MaxParallelRequests = 0 } },
        { "MaxBufferedBytes", o => o with { MaxBufferedBytes = 1 << 20 } },
        { "SpoolLimitBytes", o => o with { SpoolLimitBytes = 1 } },
        { "MaxOpenFiles", o => o with { MaxOpenFiles = 0 } },
        { "OldEvents", o => o with { OldEvents = (OldEvents)9 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_option_out_of_range_is_named(string option, Func<LogShipperOptions, LogShipperOptions> change) =>
        Should.Throw<ArgumentException>(() => new LogShipper(change(Options()))).Message.ShouldStartWith(option);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static TimeSpan Recently => Now - DateTimeOffset.UnixEpoch - TimeSpan.FromMinutes(1);

    private LogShipperOptions Options() => new()
    {
        StateDirectory = _state.Path,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(_aws?.AccessKeyId ?? "a", _aws?.SecretAccessKey ?? "s"),
        Endpoint = _aws?.Endpoint,
    };
}
