namespace IotOps.Soak.Logs;

/// <summary>Rotation by copy and truncate. The writer pauses meanwhile: what it wrote in between, the rotator itself would lose.</summary>
internal sealed class CopyTruncatedLog(string directory, string stream, Ledger ledger, int seed)
    : RotatingLog(directory, stream, ledger, seed)
{
    protected override Task<FileStream> RotateAsync(FileStream file, CancellationToken stop)
    {
        // File.Copy would lock the copy, and fail when the agent has opened it first; logrotate's copy locks nothing.
        using (FileStream from = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (FileStream to = new(NextRotatedPath(), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            from.CopyTo(to);
        }

        file.SetLength(0);
        return Task.FromResult(file);
    }
}
