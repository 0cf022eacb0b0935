using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Sqs;

/// <summary>The queues of the account, by region and name.</summary>
internal sealed partial class QueueStore(string accountId, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Region, string Name), MessageQueue> _queues = new();

    public string AccountId => accountId;

    /// <summary>A new queue, or the one that is there with the same attributes.</summary>
    /// <exception cref="Refusal">The name or an attribute is not allowed, or the queue is there with other attributes.</exception>
    public MessageQueue Create(string region, string name, IReadOnlyDictionary<string, string> attributes)
    {
        if (name.EndsWith(".fifo", StringComparison.Ordinal) || attributes.ContainsKey("FifoQueue"))
        {
            throw Refusal.NotImplemented("The emulator's SQS has standard queues only, no FIFO queues.");
        }

        if (!QueueName().IsMatch(name))
        {
            throw SqsRefusal.Parameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }

        QueueSettings settings = new QueueSettings().With(attributes);
        var made = new MessageQueue(name, $"arn:aws:sqs:{region}:{accountId}:{name}", settings, time) { DeadLetters = FindByArn };
        MessageQueue queue = _queues.GetOrAdd((region, name), made);
        return ReferenceEquals(queue, made) || queue.Settings.DifferenceTo(attributes) is not { } difference ? queue : throw SqsRefusal.Exists(difference);
    }

    /// <summary>The queue of a URL <c>http://HOST/ACCOUNT/NAME</c>; null for none.</summary>
    public MessageQueue? FindByUrl(string region, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Segments is [_, var account, var name] && account.TrimEnd('/') == accountId
            ? Find(region, name.TrimEnd('/'))
            : null;

    /// <summary>What sends to the queue of a URL, whatever its region, and says whether SQS took the message; null for no such queue.</summary>
    public Func<string, bool>? SenderOf(string url)
    {
        MessageQueue? queue = _queues.Keys.Select(key => FindByUrl(key.Region, url)).FirstOrDefault(found => found is not null);
        return queue is null ? null : body =>
        {
            try
            {
                MessageBody.Check(body, queue.Settings.MaxMessageBytes);
            }
            catch (Refusal)
            {
                return false;
            }

            queue.Send(body);
            return true;
        };
    }

    public MessageQueue? Find(string region, string name) => _queues.GetValueOrDefault((region, name));

    public MessageQueue? FindByArn(string arn) => arn.Split(':') is [_, _, "sqs", var region, _, var name] ? Find(region, name) : null;

    public bool Remove(string region, MessageQueue queue) => _queues.TryRemove((region, queue.Name), out _);

    public IReadOnlyList<MessageQueue> List(string region, string prefix) =>
        [.. _queues.Where(one => one.Key.Region == region && one.Key.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(one => one.Value).OrderBy(queue => queue.Name, StringComparer.Ordinal)];

    [GeneratedRegex(@"^[A-Za-z0-9_\-]{1,80}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex QueueName();
}
