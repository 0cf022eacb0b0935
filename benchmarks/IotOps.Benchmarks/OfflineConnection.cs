using IotOps.Mqtt;

namespace IotOps.Benchmarks;

/// <summary>A connection that never comes up: what is measured beside it is the device's own work.</summary>
internal sealed class OfflineConnection : IMqttConnection
{
    public string ClientId => "benchmark";

    public MqttConnectionState State => MqttConnectionState.Initial;

    public async ValueTask<MqttConnectionState> WaitForChangeAsync(MqttConnectionState seen, CancellationToken cancellationToken = default)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return seen;
    }

    public ValueTask PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfService qos = MqttQualityOfService.AtLeastOnce,
        MqttPublishOptions? options = null,
        CancellationToken cancellationToken = default) => throw new MqttException("Never connected.") { IsTransient = true };

    public async ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters, MqttSubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new MqttException("Never connected.") { IsTransient = true };
    }
}
