namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>Addresses of pages that other pages lead to.</summary>
internal static class Links
{
    /// <summary>A device's page. Client ids hold slashes and percent signs, which a server does not decode alike within a path.</summary>
    public static string Device(string thing) => "/device?name=" + Uri.EscapeDataString(thing);
}
