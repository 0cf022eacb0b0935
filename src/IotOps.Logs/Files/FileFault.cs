namespace IotOps.Logs.Files;

/// <summary>What goes wrong with one file and says nothing about the others.</summary>
internal static class FileFault
{
    /// <summary>True when the disk, or the file's permissions, refused.</summary>
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException;
}
