namespace IotOps.Archive.Exporting;

/// <summary>A file of the zip and what goes into it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Category">Which log.</param>
/// <param name="Day">Which day.</param>
/// <param name="Objects">What is read for it; none where <paramref name="SameAs"/> says it.</param>
/// <param name="SameAs">Index of the file whose objects are read for this one, too; null where it has its own.</param>
/// <param name="UnreadableOf">Index of the file whose unreadable records it holds; null for a file of records.</param>
/// <param name="Identifier">Whose records; null for the plan's first device.</param>
internal sealed record PlannedEntry(
    string Name, string Category, DateOnly Day, IReadOnlyList<PlannedObject> Objects, int? SameAs = null, int? UnreadableOf = null, string? Identifier = null);
