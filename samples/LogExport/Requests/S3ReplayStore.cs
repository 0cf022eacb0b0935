using System.Text;
using IotOps.Slack;

namespace IotOps.Samples.LogExport.Requests;

/// <summary>
/// Remembers accepted signatures in S3, for a function whose copies share no memory. Nothing is deleted here: the bucket's
/// lifecycle rule for <c>slack</c> forgets them after a day, and by then they are long stale.
/// </summary>
internal sealed class S3ReplayStore(S3Documents documents) : ISlackReplayStore
{
    public async ValueTask<bool> TryRememberAsync(string signature, DateTimeOffset expiresAt, CancellationToken cancellationToken = default)
    {
        byte[] mark = Encoding.ASCII.GetBytes($"{expiresAt:O} {Guid.NewGuid():N}");
        return await documents.TryCreateAsync($"slack/replay/{signature}", mark, cancellationToken);
    }
}
