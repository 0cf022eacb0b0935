using System.Text;
using IotOps.Shared;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>Lines as a stream, one of them in memory.</summary>
/// <param name="lines">The lines; stays the caller's.</param>
/// <param name="count">Called for each line; what it throws ends the reading.</param>
internal sealed class LineStream(IAsyncEnumerator<string> lines, Action count) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            if (_rest.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!await lines.MoveNextAsync())
                {
                    break;
                }

                count();
                _rest = Encoding.UTF8.GetBytes(lines.Current.ReplaceLineEndings(" ") + "\n");
            }

            int taken = Math.Min(_rest.Length, buffer.Length - filled);
            _rest[..taken].CopyTo(buffer[filled..]);
            _rest = _rest[taken..];
            filled += taken;
        }

        return filled;
    }
}
