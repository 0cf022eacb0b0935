namespace IotOps.Archive.Exporting;

/// <summary>A file of the zip and what goes into it.</summary>
internal sealed record PlannedEntry(string Name, string Category, DateOnly Day, IReadOnlyList<PlannedObject> Objects);
