namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Which records.</summary>
/// <param name="Range">When.</param>
public sealed record TrailRowQuery(TimeRange Range)
{
    /// <summary>Only what changed something; all unless set.</summary>
    public bool IsWritesOnly { get; init; }

    /// <summary>Of a service, such as <c>greengrass.amazonaws.com</c>; of all unless set.</summary>
    public string? Service { get; init; }

    /// <summary>Made by; by anybody unless set.</summary>
    public string? Actor { get; init; }

    /// <summary>With this text in its API or resource; with any unless set.</summary>
    public string? Text { get; init; }
}
