namespace IotOps.Mqtt;

/// <summary>What gives way when <see cref="DurablePublisherOptions.LimitBytes"/> of messages wait.</summary>
public enum DurableOverflow
{
    /// <summary>The oldest that is not on its way, counted by <see cref="DurablePublisher.Dropped"/>. For telemetry, of which the newest counts.</summary>
    DropOldest,

    /// <summary>The new one: <see cref="DurablePublisher.PublishAsync"/> throws.</summary>
    Refuse,
}
