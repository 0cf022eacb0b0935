namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A document of a thing.</summary>
/// <param name="Thing">The thing.</param>
/// <param name="Name">What it is: <see cref="Shadow"/>, <c>shadow/NAME</c> for a named shadow, or <see cref="Report"/>.</param>
/// <param name="Time">From when; an older one does not replace a later one.</param>
/// <param name="Json">Its content.</param>
public sealed record DeviceDocument(string Thing, string Name, DateTimeOffset Time, string Json)
{
    /// <summary>The classic shadow: an object with <c>state</c>, <c>metadata</c> and <c>version</c>.</summary>
    public const string Shadow = "shadow";

    /// <summary>The last report to Device Defender.</summary>
    public const string Report = "report";
}
