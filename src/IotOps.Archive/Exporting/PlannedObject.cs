namespace IotOps.Archive.Exporting;

/// <summary>An object of a plan, without what all of them share.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its length.</param>
/// <param name="ETag">What it was when it was listed.</param>
/// <param name="Archive">Its storage class, where that may keep it away; null for the others.</param>
internal readonly record struct PlannedObject(string Key, long Size, string ETag, string? Archive = null);
