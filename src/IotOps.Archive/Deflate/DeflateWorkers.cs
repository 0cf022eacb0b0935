using System.Collections.Concurrent;

namespace IotOps.Archive.Deflate;

/// <summary>Compresses blocks on so many threads of the pool at most, each with an encoder that is used again.</summary>
internal sealed class DeflateWorkers(int threads)
{
    // Below this, handing over to another thread takes longer than compressing.
    private const int MinBytesToHandOver = 16 << 10;

    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler;
    private readonly ConcurrentBag<DeflateEncoder> _idle = [];

    public void Start(DeflateBlock block)
    {
        if (threads == 1 || block.Length < MinBytesToHandOver)
        {
            Run(block);
            return;
        }

        block.Done = Task.Factory.StartNew(() => Run(block), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
    }

    private void Run(DeflateBlock block)
    {
        if (!_idle.TryTake(out DeflateEncoder? encoder))
        {
            encoder = new DeflateEncoder();
        }

        block.Run(encoder);
        _idle.Add(encoder);
    }
}
