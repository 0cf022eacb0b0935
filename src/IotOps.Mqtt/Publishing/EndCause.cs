namespace IotOps.Mqtt.Publishing;

/// <summary>Who or what ended a connection.</summary>
internal enum EndCause
{
    /// <summary>This client: it is disposed, or the broker broke the protocol.</summary>
    Here,

    /// <summary>The network, or nobody answers any more.</summary>
    Network,

    /// <summary>The broker closed it, with or without a reason.</summary>
    Broker,

    /// <summary>The broker answers pings and left a packet unanswered.</summary>
    Unanswered,
}
