namespace IotOps.Archive;

/// <summary>An object that is not, or not wholly, in the zip.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedLogObject(string Key, string Reason);
