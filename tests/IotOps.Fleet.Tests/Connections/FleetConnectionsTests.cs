using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Mqtt;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Connections;

/// <summary>Direct messages and connections, between a device of IotOps.Mqtt and the emulator's data endpoint.</summary>
public sealed class FleetConnectionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(15);
    private AwsEmulator _emulator = null!;
    private AwsClient _client = null!;
    private FleetConnections _connections = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.IotData,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
            Endpoint = _emulator.Endpoint,
        });
        _connections = new FleetConnections(_client);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("THING00001")]
    [InlineData("site/7 ü+%")]
    public async Task A_device_takes_what_is_sent_to_it_without_a_subscription(string clientId)
    {
        await using MqttConnection device = await ConnectAsync(clientId);
        await using IMqttSubscription listener = device.Listen("commands/+");
        Task<DirectMessageOutcome> sending = _connections.SendAsync(
            new DirectMessage
            {
                ClientId = clientId,
                Topic = "commands/reboot",
                Payload = "now"u8.ToArray(),
                ConfirmWithin = Wait,
                ContentType = "text/plain",
                ResponseTopic = "answers",
                CorrelationData = "c"u8.ToArray(),
                UserProperties = [new("who", "Zoë"), new("who", "twice")],
            },
            Stop);

        MqttReceivedMessage message = await listener.Messages.ReadAsync(Stop);
        MqttPublishOptions properties = message.Properties.ShouldNotBeNull();
        (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.QualityOfService).ShouldBe(("commands/reboot", "now", MqttQualityOfService.AtLeastOnce));
        (properties.ContentType, properties.ResponseTopic, Encoding.UTF8.GetString(properties.CorrelationData.Span)).ShouldBe(("text/plain", "answers", "c"));
        properties.UserProperties.ShouldBe([new("who", "Zoë"), new("who", "twice")]);
        sending.IsCompleted.ShouldBeFalse("the message is not done");
        message.Dispose();
        (await sending).ShouldBe(DirectMessageOutcome.Confirmed);
    }

    [Theory]
    [InlineData(MqttUnmatchedPolicy.Acknowledge, DirectMessageOutcome.Confirmed)]
    [InlineData(MqttUnmatchedPolicy.Refuse, DirectMessageOutcome.Unconfirmed)]
    public async Task What_nobody_takes_is_confirmed_unless_the_device_refuses_it(MqttUnmatchedPolicy policy, DirectMessageOutcome expected)
    {
        await using MqttConnection device = await ConnectAsync("d", policy);

        DirectMessageOutcome outcome = await _connections.SendAsync(new DirectMessage { ClientId = "d", Topic = "nobody", ConfirmWithin = Wait }, Stop);

        (outcome, device.Unmatched).ShouldBe((expected, 1));
    }

    [Fact]
    public async Task A_client_that_is_not_connected_is_an_answer()
    {
        (await _connections.SendAsync(new DirectMessage { ClientId = "nobody", Topic = "t" }, Stop)).ShouldBe(DirectMessageOutcome.NotConnected);
        (await _connections.GetAsync("nobody", cancellationToken: Stop)).ShouldBeNull();
        (await ((IConnectionLookup)_connections).IsConnectedAsync("nobody", Stop)).ShouldBe(false);
    }

    [Fact]
    public async Task Without_a_confirmation_it_is_sent_and_no_more_is_known()
    {
        await using MqttConnection device = await ConnectAsync("d");
        await using IMqttSubscription listener = device.Listen("t");

        (await _connections.SendAsync(new DirectMessage { ClientId = "d", Topic = "t" }, Stop)).ShouldBe(DirectMessageOutcome.Sent);
        using MqttReceivedMessage message = await listener.Messages.ReadAsync(Stop);
        message.QualityOfService.ShouldBe(MqttQualityOfService.AtMostOnce);
    }

    [Fact]
    public async Task A_connection_is_described_while_it_stands_and_after_its_end()
    {
        MqttConnection device = await ConnectAsync("site/7");
        FleetConnection up = (await _connections.GetAsync("site/7", includeAddresses: true, Stop)).ShouldNotBeNull();
        (up.IsConnected, up.KeepAlive, up.SessionExpiry, up.IsCleanSession).ShouldBe((true, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), false));
        up.Source.ShouldNotBeNull().ShouldStartWith("127.0.0.1:");
        up.Target.ShouldBe($"127.0.0.1:{_emulator.Mqtt.Port}");
        (await ((IConnectionLookup)_connections).IsConnectedAsync("site/7", Stop)).ShouldBe(true);

        await device.DisposeAsync();
        await _emulator.Mqtt.WaitForDepartureAsync("site/7");
        FleetConnection down = (await _connections.GetAsync("site/7", cancellationToken: Stop)).ShouldNotBeNull();
        (down.IsConnected, down.DisconnectReason, down.Source).ShouldBe((false, "CLIENT_INITIATED_DISCONNECT", null));
        down.Since.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(up.Since.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_time_out_is_not_sent_again()
    {
        using var gateway = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.GatewayTimeout)
        {
            Content = new StringContent("""{"message":"no PUBACK"}"""),
            Headers = { { "x-amzn-ErrorType", "GatewayTimeoutException" } },
        });
        using AwsClient client = Stubbed(gateway);

        DirectMessageOutcome outcome = await new FleetConnections(client).SendAsync(new DirectMessage { ClientId = "d", Topic = "t", ConfirmWithin = Wait }, Stop);

        (outcome, gateway.Requests.Count).ShouldBe((DirectMessageOutcome.Unconfirmed, 1));
    }

    [Fact]
    public async Task An_answer_that_is_not_JSON_is_an_error_and_one_without_members_says_nothing()
    {
        var answers = new Queue<string>(["<html>", "[]", """{"connected":"yes","connectedSince":9e99}"""]);
        using var cloud = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answers.Dequeue()) });
        using AwsClient client = Stubbed(cloud);
        var connections = new FleetConnections(client);

        (await Should.ThrowAsync<AwsException>(() => connections.GetAsync("d", cancellationToken: Stop))).Code.ShouldBe("UnreadableAnswer");
        (await connections.GetAsync("d", cancellationToken: Stop)).ShouldBe(new FleetConnection("d"));
        (await ((IConnectionLookup)connections).IsConnectedAsync("d", Stop)).ShouldBeNull();
    }

    public static TheoryData<DirectMessage, string> Impossible => new()
    {
        { new DirectMessage { ClientId = "", Topic = "t" }, "client id" },
        { new DirectMessage { ClientId = "$d", Topic = "t" }, "$d" },
        { new DirectMessage { ClientId = new string('x', 129), Topic = "t" }, "128" },
        { new DirectMessage { ClientId = "d", Topic = "" }, "topic" },
        { new DirectMessage { ClientId = "d", Topic = "a/+" }, "a/+" },
        { new DirectMessage { ClientId = "d", Topic = "$aws/things/d/shadow/get" }, "$aws" },
        { new DirectMessage { ClientId = "d", Topic = "t", ConfirmWithin = TimeSpan.Zero }, "1 to 15" },
        { new DirectMessage { ClientId = "d", Topic = "t", ConfirmWithin = TimeSpan.FromSeconds(16) }, "1 to 15" },
        { new DirectMessage { ClientId = "d", Topic = "t", ConfirmWithin = TimeSpan.FromMilliseconds(1500) }, "whole" },
        { new DirectMessage { ClientId = "d", Topic = "t", Payload = new byte[(128 * 1024) + 1] }, "131073" },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public async Task What_cannot_be_sent_is_refused_before_it_is(DirectMessage message, string named)
    {
        using var cloud = new StubHttpHandler(_ => throw new InvalidOperationException("nothing is sent"));
        using AwsClient client = Stubbed(cloud);

        (await Should.ThrowAsync<ArgumentException>(() => new FleetConnections(client).SendAsync(message, Stop))).Message.ShouldContain(named);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<MqttConnection> ConnectAsync(string clientId, MqttUnmatchedPolicy policy = MqttUnmatchedPolicy.Acknowledge)
    {
        var device = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = _emulator.Mqtt.Port,
            Tls = null,
            ClientId = clientId,
            UnmatchedPolicy = policy,
        });
        await device.ConnectAsync(Stop);
        return device;
    }

    private static AwsClient Stubbed(StubHttpHandler cloud) => new(new AwsClientOptions
    {
        Service = AwsService.IotData,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials("AKIAEXAMPLE", "secret"),
        Endpoint = new Uri("http://localhost"),
        Transport = cloud,
        Retry = new AwsRetryOptions { BaseDelay = TimeSpan.Zero },
    });
}
