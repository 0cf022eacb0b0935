using MQTTnet;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Packets;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>An MQTTnet client without a network: a test raises its events in any order and gives its answers.</summary>
internal sealed class FakeClient : IMqttClient
{
    private Func<MqttApplicationMessageReceivedEventArgs, Task> _received = static _ => Task.CompletedTask;
    private Func<MqttClientConnectingEventArgs, Task> _connecting = static _ => Task.CompletedTask;
    private Func<MqttClientConnectedEventArgs, Task> _connected = static _ => Task.CompletedTask;
    private Func<MqttClientDisconnectedEventArgs, Task> _disconnected = static _ => Task.CompletedTask;

    public event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync
    {
        add => _received += value;
        remove => _received = (_received - value)!;
    }

    public event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync
    {
        add => _connected += value;
        remove => _connected = (_connected - value)!;
    }

    public event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync
    {
        add => _connecting += value;
        remove => _connecting = (_connecting - value)!;
    }

    public event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync
    {
        add => _disconnected += value;
        remove => _disconnected = (_disconnected - value)!;
    }

    public event Func<InspectMqttPacketEventArgs, Task> InspectPacketAsync
    {
        add { }
        remove { }
    }

    public bool IsConnected { get; set; }

    public MqttClientOptions Options { get; } = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1").WithClientId("THING00001").WithReceiveMaximum(10).Build();

    /// <summary>What a publication is answered.</summary>
    public Func<MqttApplicationMessage, Task<MqttClientPublishResult>> Publish { get; set; } =
        static _ => Task.FromResult(new MqttClientPublishResult(1, MqttClientPublishReasonCode.Success, null, []));

    /// <summary>What a SUBSCRIBE is answered, filter by filter.</summary>
    public Func<string, MqttClientSubscribeResultCode> Subscribe { get; set; } = static _ => MqttClientSubscribeResultCode.GrantedQoS1;

    /// <summary>Filters of all packets that were sent, with a minus for UNSUBSCRIBE.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Packet ids that were acknowledged.</summary>
    public List<ushort> Acknowledged { get; } = [];

    /// <summary>The client's own ConnectAsync: its events, in its order.</summary>
    public async Task ConnectAsync(bool sessionPresent = false)
    {
        await RaiseConnectingAsync();
        IsConnected = true;
        await RaiseConnectedAsync(sessionPresent);
    }

    public Task RaiseConnectingAsync() => _connecting(new MqttClientConnectingEventArgs(Options));

    public Task RaiseConnectedAsync(bool sessionPresent = false) =>
        _connected(new MqttClientConnectedEventArgs(new MqttClientConnectResult { IsSessionPresent = sessionPresent }));

    public Task RaiseDisconnectedAsync(Exception? error = null) =>
        _disconnected(new MqttClientDisconnectedEventArgs(true, null, MqttClientDisconnectReason.NormalDisconnection, null, null, error));

    /// <summary>A message arrives. Returns whether MQTTnet itself would acknowledge it now.</summary>
    public async Task<bool> ReceiveAsync(string topic, int qos, ushort packetId = 0, bool duplicate = false)
    {
        var packet = new MqttPublishPacket { Topic = topic, PacketIdentifier = packetId, QualityOfServiceLevel = (MQTTnet.Protocol.MqttQualityOfServiceLevel)qos, Dup = duplicate };
        var message = new MqttApplicationMessage { Topic = topic, QualityOfServiceLevel = packet.QualityOfServiceLevel, Dup = duplicate };
        var args = new MqttApplicationMessageReceivedEventArgs(Options.ClientId, message, packet, (received, _) =>
        {
            Acknowledged.Add(received.PacketIdentifier);
            return Task.CompletedTask;
        });
        await _received(args);
        return args.AutoAcknowledge;
    }

    public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default) => Publish(applicationMessage);

    public Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        Sent.AddRange(options.TopicFilters.Select(filter => filter.Topic));
        return Task.FromResult(new MqttClientSubscribeResult(
            1, [.. options.TopicFilters.Select(filter => new MqttClientSubscribeResultItem(filter, Subscribe(filter.Topic)))], null, []));
    }

    public Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        Sent.AddRange(options.TopicFilters.Select(filter => "-" + filter));
        return Task.FromResult(new MqttClientUnsubscribeResult(1, [], null, []));
    }

    public Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default) => throw Theirs();

    public Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default) => throw Theirs();

    public Task PingAsync(CancellationToken cancellationToken = default) => throw Theirs();

    public Task SendEnhancedAuthenticationExchangeDataAsync(MqttEnhancedAuthenticationExchangeData data, CancellationToken cancellationToken = default) => throw Theirs();

    public void Dispose()
    {
    }

    private static NotSupportedException Theirs() => new("The connection is the application's.");
}
