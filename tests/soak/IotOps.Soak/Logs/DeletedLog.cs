namespace IotOps.Soak.Logs;

/// <summary>Rotation by delete and create. The file goes only once all of it has arrived: an agent that is dead cannot read a deleted file.</summary>
internal sealed class DeletedLog(string directory, string stream, Ledger ledger, int seed)
    : RotatingLog(directory, stream, ledger, seed)
{
    protected override async Task<FileStream> RotateAsync(FileStream file, CancellationToken stop)
    {
        while (!Ledger.HasArrived(Stream, Current.From, Current.To))
        {
            if (stop.IsCancellationRequested)
            {
                return file;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }

        File.Delete(Path);
        await file.DisposeAsync();
        Current = (Current.To, Current.To);
        return Open();
    }
}
