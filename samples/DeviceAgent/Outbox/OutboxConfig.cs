using IotOps.Mqtt;
using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent.Outbox;

/// <summary>Messages kept on the disk until the broker has them: <c>outbox: { limitBytes, overflow: 'dropOldest' }</c>.</summary>
internal sealed record OutboxConfig
{
    private const int Smallest = 1024;

    /// <summary>Bytes that may wait.</summary>
    public long LimitBytes { get; init; }

    /// <summary>What gives way beyond that.</summary>
    public DurableOverflow Overflow { get; init; }

    /// <summary>Reads the section; null when <c>services.cloud.outbox</c> is false.</summary>
    public static OutboxConfig? Read(ConfigReader outbox, bool needed)
    {
        var config = new OutboxConfig
        {
            LimitBytes = outbox.Integer("limitBytes", Smallest, int.MaxValue) ?? 8 << 20,
            Overflow = outbox.Choice("overflow", DurableOverflow.DropOldest, ("dropOldest", DurableOverflow.DropOldest), ("refuse", DurableOverflow.Refuse)),
        };
        return needed ? config : null;
    }
}
