namespace IotOps.Mqtt.Connecting;

/// <summary>Whether a connection may have ended because of what was sent on it.</summary>
internal enum SuspectsAtEnd
{
    /// <summary>Nothing was unanswered.</summary>
    None,

    /// <summary>Something was.</summary>
    Some,

    /// <summary>It was found, and will not be sent again.</summary>
    OneFound,
}
