using System.Text;
using IotOps.Slack;

namespace IotOps.SlackExport.Requests;

/// <summary>
/// Remembers accepted signatures in S3, for processes that share no memory. Nothing is deleted here: the bucket's
/// lifecycle rule for <c>slack</c> expires them after a day, when they are long stale.
/// </summary>
internal sealed class S3ReplayStore(S3Documents documents) : ISlackReplayStore
{
    public async ValueTask<bool> TryRememberAsync(string signature, DateTimeOffset expiresAt, CancellationToken cancellationToken = default)
    {
        byte[] mark = Encoding.ASCII.GetBytes($"{expiresAt:O} {Guid.NewGuid():N}");
        return await documents.TryCreateAsync($"slack/replay/{signature}", mark, cancellationToken).ConfigureAwait(false);
    }
}
