namespace IotOps.Mqtt.Connecting;

/// <summary>Whether another connection took the client id.</summary>
internal enum Takeover
{
    /// <summary>Nothing says so.</summary>
    None,

    /// <summary>It is one of the explanations.</summary>
    Suspected,

    /// <summary>The broker said so.</summary>
    Told,
}
