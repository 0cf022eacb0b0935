using System.Text.Json;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Detect;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>Alarms on moto's SNS, made by boto3: what a subscriber gets.</summary>
public sealed class SnsOnMotoTests(InteropPeers peers)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Grouped_alarms_reach_the_subscriber_that_filters_by_kind_as_one_message_and_are_acknowledged_then()
    {
        await using var receiver = new HttpReceiver();
        string topic = (await BotoAsync("topic", "fleet-alarms", receiver.Url.ToString())).GetProperty("topic").GetString()!;
        using AwsClient client = await ClientAsync();
        await using var alarms = new AlarmDispatcher(new AlarmDispatcherOptions { Sinks = [new SnsAlarmSink(client, topic)], DigestAt = null });
        Task<bool> audit = alarms.DeliverAsync(new FleetAlarm("a0", FleetAlarmKind.Audit, "A_CHECK", null, Noon, "not for this subscriber"), Cancelled);
        await alarms.FlushAsync(Cancelled);
        (await audit).ShouldBeTrue();
        Task<bool>[] deliveries = [.. Enumerable.Range(1, 3).Select(n => alarms.DeliverAsync(
            new FleetAlarm($"a{n}", FleetAlarmKind.Detect, "profile/behavior", $"THING{n:D5}", Noon, $"Gerät {n} sendet \"zu viel\" & mehr") { Event = """{"violationId":"v"}"""u8.ToArray() }, Cancelled))];

        await alarms.FlushAsync(Cancelled);

        (await Task.WhenAll(deliveries)).ShouldAllBe(isTaken => isTaken);
        // moto, unlike SNS, names the type in the body alone, and may ask first whether the subscription is wanted.
        JsonElement notification = JsonElement.Parse(await receiver.NextAsync(Cancelled));
        while (notification.GetProperty("Type").GetString() != "Notification")
        {
            notification = JsonElement.Parse(await receiver.NextAsync(Cancelled));
        }

        notification.GetProperty("Subject").GetString().ShouldBe("3 alarms of 3 devices: profile/behavior raised");
        JsonElement message = JsonElement.Parse(notification.GetProperty("Message").GetString()!);
        message.GetProperty("count").GetInt32().ShouldBe(3);
        message.GetProperty("alarms")[2].GetProperty("summary").GetString().ShouldBe("Gerät 3 sendet \"zu viel\" & mehr");
        message.GetProperty("alarms")[0].GetProperty("event").GetProperty("violationId").GetString().ShouldBe("v");
    }

    [Fact]
    public async Task A_FIFO_topic_takes_one_that_is_sent_twice()
    {
        string topic = (await BotoAsync("topic", "fleet-alarms.fifo")).GetProperty("topic").GetString()!;
        using AwsClient client = await ClientAsync();
        var sink = new SnsAlarmSink(client, topic);
        var message = new AlarmMessage { Id = new string('a', 32), Title = "t", Text = "x", Time = Noon, Kind = FleetAlarmKind.Audit, Rule = "A_CHECK", Count = 1 };

        await sink.SendAsync(message, Cancelled);
        await sink.SendAsync(message, Cancelled);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_refused_by_name()
    {
        await BotoAsync("topic", "another");
        using AwsClient client = await ClientAsync();
        var sink = new SnsAlarmSink(client, "arn:aws:sns:us-east-1:123456789012:no-such-topic");

        AwsException e = await Should.ThrowAsync<AwsException>(() => sink.SendAsync(new AlarmMessage { Id = "1", Title = "t", Text = "x", Time = Noon }, Cancelled));

        e.Code.ShouldBe("NotFound");
        e.IsTransient.ShouldBeFalse();
    }

    private async Task<AwsClient> ClientAsync() => new(new AwsClientOptions
    {
        Service = SnsAlarmSink.Service,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("test", "test"),
        Endpoint = await peers.MotoAsync(),
    });

    private async Task<JsonElement> BotoAsync(params string[] arguments) => JsonElement.Parse(await PeerCommand.RunAsync(
        peers.Require("boto3").Program,
        [Path.Combine(AppContext.BaseDirectory, "Detect", "moto_queues.py"), .. arguments],
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = (await peers.MotoAsync()).ToString(),
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
        }));
}
