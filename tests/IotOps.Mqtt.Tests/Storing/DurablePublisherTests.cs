using System.Collections.Concurrent;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Storing;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Storing;

/// <summary>Messages that are kept until the broker has them.</summary>
public sealed class DurablePublisherTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeConnection _connection = new();

    private DurablePublisherOptions Options => new() { Directory = _directory["outbox"], MinRetryDelay = TimeSpan.FromMilliseconds(1) };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_by_the_next_publisher_in_order_and_nothing_else_is()
    {
        await using (var first = new DurablePublisher(_connection, Options))
        {
            _connection.Answers = topic => topic == "t/1";
            for (int i = 0; i < 5; i++)
            {
                await first.PublishAsync($"t/{i}", Encoding.UTF8.GetBytes($"{i}"));
            }

            await Eventually.TrueAsync(() => first.Waiting == 4);
        }

        _connection.Sent.Clear();
        _connection.Answers = _ => true;
        await using var second = new DurablePublisher(_connection, Options);
        await second.WhenEmptyAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        _connection.Sent.Select(sent => (sent.Topic, sent.Payload)).ShouldBe([("t/0", "0"), ("t/2", "2"), ("t/3", "3"), ("t/4", "4")]);
        second.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Another_publisher_of_the_same_directory_is_refused()
    {
        await using var first = new DurablePublisher(_connection, Options);

        Should.Throw<IOException>(() => new DurablePublisher(_connection, Options)).Message.ShouldContain("durable publisher");
    }

    [Fact]
    public async Task Beyond_the_limit_the_oldest_that_is_not_under_way_gives_way_and_is_counted()
    {
        _connection.Answers = _ => false;
        await using (var publisher = new DurablePublisher(_connection, Options with { LimitBytes = 2000, MaxInFlight = 1 }))
        {
            for (int i = 0; i < 20; i++)
            {
                await publisher.PublishAsync($"t/{i}", new byte[300]);
            }

            publisher.WaitingBytes.ShouldBeLessThanOrEqualTo(2000);
            publisher.Dropped.ShouldBe(20 - publisher.Waiting);
            publisher.Dropped.ShouldBeGreaterThan(0);
        }

        _connection.Sent.Clear();
        _connection.Answers = _ => true;
        await using var next = new DurablePublisher(_connection, Options);
        await next.WhenEmptyAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        _connection.Sent.Last().Topic.ShouldBe("t/19");
    }

    [Fact]
    public async Task Under_Refuse_the_new_one_is_refused_and_those_kept_stay()
    {
        _connection.Answers = _ => false;
        await using var publisher = new DurablePublisher(_connection, Options with { LimitBytes = 1024, Overflow = DurableOverflow.Refuse });
        await publisher.PublishAsync("kept", new byte[500]);
        MqttException error = await Should.ThrowAsync<MqttException>(() => publisher.PublishAsync("new", new byte[500]).AsTask());

        (error.Reason, error.IsTransient).ShouldBe((MqttReasonCode.QuotaExceeded, true));
        error.Message.ShouldContain("'new'");
        (await Should.ThrowAsync<MqttException>(() => publisher.PublishAsync("never", new byte[2000]).AsTask())).IsTransient.ShouldBeFalse();
        publisher.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task What_fails_for_now_is_tried_again_and_what_is_refused_for_good_is_dropped()
    {
        int failures = 5;
        _connection.Fails = topic => topic switch
        {
            "forbidden" => new MqttException("no") { Reason = MqttReasonCode.NotAuthorized },
            "later" when failures-- > 0 => new MqttException("busy") { IsTransient = true },
            _ => null,
        };
        var lines = new LogLines();
        await using var publisher = new DurablePublisher(_connection, Options with { LoggerFactory = lines });
        await publisher.PublishAsync("forbidden", default);
        await publisher.PublishAsync("later", "x"u8.ToArray());
        await publisher.WhenEmptyAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        publisher.Rejected.ShouldBe(1);
        lines.Of(412).ShouldHaveSingleItem().ShouldContain("'forbidden'");
        _connection.Sent.Count(sent => sent.Topic == "later").ShouldBe(6);
    }

    [Fact]
    public async Task A_connection_that_is_closed_for_good_loses_nothing()
    {
        _connection.State = MqttConnectionState.Initial with { Status = MqttConnectionStatus.Closed };
        _connection.Fails = _ => new MqttException("The MQTT connection is disposed.");
        await using (var publisher = new DurablePublisher(_connection, Options))
        {
            await publisher.PublishAsync("t", default);
            await Eventually.TrueAsync(() => !_connection.Sent.IsEmpty);
            publisher.Waiting.ShouldBe(1);
        }

        await using var next = new DurablePublisher(new FakeConnection { Answers = _ => false }, Options);
        next.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task An_expiry_goes_on_over_restarts()
    {
        var time = new ManualTimeProvider();
        DurablePublisherOptions options = Options with { TimeProvider = time };
        _connection.Answers = _ => false;
        await using (var first = new DurablePublisher(_connection, options))
        {
            await first.PublishAsync("short", default, new MqttPublishOptions { MessageExpiry = TimeSpan.FromSeconds(60) });
            await first.PublishAsync("long", default, new MqttPublishOptions { MessageExpiry = TimeSpan.FromSeconds(600) });
        }

        time.Advance(TimeSpan.FromSeconds(100));
        _connection.Sent.Clear();
        _connection.Answers = _ => true;
        await using var second = new DurablePublisher(_connection, options);
        await second.WhenEmptyAsync().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        (string topic, string _, MqttPublishOptions? sent) = _connection.Sent.ShouldHaveSingleItem();
        (topic, sent!.MessageExpiry).ShouldBe(("long", TimeSpan.FromSeconds(500)));
        second.Rejected.ShouldBe(1);
    }

    [Fact]
    public async Task An_end_that_was_torn_off_costs_the_last_message_at_most_and_the_file_is_used_again()
    {
        _connection.Answers = _ => false;
        await using (var first = new DurablePublisher(_connection, Options))
        {
            for (int i = 0; i < 3; i++)
            {
                await first.PublishAsync($"t/{i}", new byte[50]);
            }
        }

        string file = Path.Combine(Options.Directory, "messages");
        byte[] bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..^7]);
        await using (var second = new DurablePublisher(_connection, Options))
        {
            second.Waiting.ShouldBe(2);
            await second.PublishAsync("t/new", default);
        }

        await using var third = new DurablePublisher(_connection, Options);
        third.Waiting.ShouldBe(3);
    }

    [Fact]
    public void Any_message_is_read_as_it_was_written() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(
                (from text in Gen.ArrayOf(Gen.Elements("a", "ü", "\u2028", ""))
                 from payload in Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i))
                 from flags in Gen.Choose(0, 127)
                 select (text, payload, flags)).ToArbitrary(),
                sample =>
                {
                    string Text(string prefix) => prefix + string.Concat(sample.text);
                    bool Has(int bit) => (sample.flags & bit) != 0;
                    var options = new MqttPublishOptions
                    {
                        Retain = Has(1),
                        PayloadIsUtf8 = Has(2),
                        MessageExpiry = Has(4) ? TimeSpan.FromSeconds(90) : null,
                        ResponseTopic = Has(8) ? Text("r") : null,
                        CorrelationData = Has(16) ? (byte[])[1, .. sample.payload] : default,
                        ContentType = Has(32) ? Text("c") : null,
                        UserProperties = Has(64) ? [new(Text("k"), Text("v")), new(Text("k"), "")] : [],
                    };
                    DateTimeOffset now = DateTimeOffset.UnixEpoch.AddDays(20_000);
                    byte[] record = StoredRecord.Message(Text("t"), sample.payload, options, now);
                    StoredRecord.SetId(record, 77);
                    StoredRecord.IdOf(record, out bool isDone).ShouldBe(77);
                    isDone.ShouldBeFalse();
                    (string topic, ReadOnlyMemory<byte> payload, MqttPublishOptions? read, DateTimeOffset? expires) = StoredRecord.ReadMessage(record);
                    topic.ShouldBe(Text("t"));
                    payload.ToArray().ShouldBe(sample.payload);
                    expires.ShouldBe(Has(4) ? now.AddSeconds(90) : null);
                    read ??= new MqttPublishOptions();
                    (read.Retain, read.PayloadIsUtf8, read.ResponseTopic, read.ContentType).ShouldBe((options.Retain, options.PayloadIsUtf8, options.ResponseTopic, options.ContentType));
                    read.CorrelationData.ToArray().ShouldBe(options.CorrelationData.ToArray());
                    read.UserProperties.ShouldBe(options.UserProperties);
                }));

    private sealed class FakeConnection : IMqttConnection
    {
        public string ClientId => "fake";

        public MqttConnectionState State { get; set; } = MqttConnectionState.Initial with { Status = MqttConnectionStatus.Connected };

        public Func<string, bool> Answers { get; set; } = _ => true;

        public Func<string, MqttException?> Fails { get; set; } = _ => null;

        public ConcurrentQueue<(string Topic, string Payload, MqttPublishOptions? Options)> Sent { get; } = new();

        public ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async ValueTask PublishAsync(
            string topic, ReadOnlyMemory<byte> payload, MqttQualityOfService qos = MqttQualityOfService.AtLeastOnce, MqttPublishOptions? options = null, CancellationToken cancellationToken = default)
        {
            Sent.Enqueue((topic, Encoding.UTF8.GetString(payload.Span), options));
            if (Fails(topic) is { } error)
            {
                throw error;
            }

            if (!Answers(topic))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
        }

        public ValueTask<IMqttSubscription> SubscribeAsync(IReadOnlyList<string> topicFilters, MqttSubscribeOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
