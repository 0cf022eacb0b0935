namespace IotOps.Archive.Layout;

/// <summary>How much time one folder of a layout holds.</summary>
internal enum FolderStep
{
    /// <summary>No time in the prefix: the objects' names tell it.</summary>
    None,
    Hour,
    Day,
    Month,
    Year,
}
