namespace IotOps.Archive.Spooling;

/// <summary>A file that only this process sees, and that is gone when it is closed.</summary>
internal static class TemporaryFile
{
    /// <param name="directory">Where it is.</param>
    /// <param name="purpose">A word of its name.</param>
    public static FileStream Create(string directory, string purpose)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(directory, $"iotops-{purpose}-{Guid.NewGuid():N}"), options);
    }
}
