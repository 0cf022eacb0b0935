namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>What a page shows.</summary>
public abstract record PageModel
{
    /// <summary>Whether it follows what arrives.</summary>
    public bool IsLive { get; init; }

    /// <summary>The address that shows the same later; null when the page's own does.</summary>
    public string? Permalink { get; init; }
}
