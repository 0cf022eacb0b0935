namespace IotOps.Archive.Exporting;

/// <summary>An object of a plan, without what all of them share.</summary>
internal readonly record struct PlannedObject(string Key, long Size, string ETag);
