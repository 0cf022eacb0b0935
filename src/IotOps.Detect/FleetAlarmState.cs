namespace IotOps.Detect;

/// <summary>What an alarm says about its rule.</summary>
public enum FleetAlarmState
{
    /// <summary>The rule is violated.</summary>
    Raised,

    /// <summary>The rule holds again.</summary>
    Cleared,

    /// <summary>Nobody knows: what was measured has ended, or the rule was changed.</summary>
    Invalidated,
}
