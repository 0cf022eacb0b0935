using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace IotOps.Detect;

/// <summary>
/// Messages out of a standard queue of Amazon SQS, where an IoT rule put them. Needs <c>sqs:ReceiveMessage</c> and <c>sqs:DeleteMessage</c>.
/// Thread-safe. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html.
/// </summary>
public sealed class SqsDetectInbox : IDetectInbox
{
    // SQS gives and takes 10 messages a request.
    private const int PerRequest = 10;

    // Requests that run side by side when the queue is full.
    private const int MaxRequests = 20;

    private readonly IAmazonSQS _sqs;
    private readonly SqsDetectInboxOptions _options;

    /// <param name="sqs">The client; stays the caller's.</param>
    /// <param name="options">The queue.</param>
    /// <exception cref="ArgumentException">The queue is a FIFO queue, to which an IoT rule cannot write, or the wait is out of range.</exception>
    public SqsDetectInbox(IAmazonSQS sqs, SqsDetectInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(sqs);
        ArgumentNullException.ThrowIfNull(options);
        if (options.QueueUrl.AbsolutePath.EndsWith(".fifo", StringComparison.Ordinal))
        {
            throw new ArgumentException($"{options.QueueUrl} is a FIFO queue; an IoT rule writes to standard queues only.", nameof(options));
        }

        if (options.Wait < TimeSpan.Zero || options.Wait > TimeSpan.FromSeconds(20))
        {
            throw new ArgumentException($"{nameof(options.Wait)} is 0 to 20 s, not {options.Wait}.", nameof(options));
        }

        _sqs = sqs;
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">SQS refused, or could not be reached.</exception>
    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        List<QueuedMessage> messages = [];
        await ReceiveAsync(messages, Math.Min(limit, PerRequest), _options.Wait, cancellationToken).ConfigureAwait(false);

        // A full answer says that more waits: the rest of the batch is taken by requests side by side, which do not wait.
        int requests = Math.Min(MaxRequests, (limit - messages.Count) / PerRequest);
        if (messages.Count == PerRequest && requests > 0)
        {
            List<QueuedMessage>[] rest = [.. Enumerable.Range(0, requests).Select(_ => new List<QueuedMessage>())];
            await Task.WhenAll(rest.Select(list => ReceiveAsync(list, PerRequest, TimeSpan.Zero, cancellationToken))).ConfigureAwait(false);
            messages.AddRange(rest.SelectMany(list => list));
        }

        return messages;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">SQS refused, or could not be reached: the messages come again.</exception>
    public async Task DeleteAsync(IReadOnlyCollection<QueuedMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        await Task.WhenAll(messages.Chunk(PerRequest).Select(chunk => DeleteAsync(chunk, cancellationToken))).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(List<QueuedMessage> messages, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        ReceiveMessageResponse answer = await SendAsync(
            () => _sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest
                {
                    QueueUrl = _options.QueueUrl.AbsoluteUri,
                    MaxNumberOfMessages = limit,
                    WaitTimeSeconds = (int)wait.TotalSeconds,
                    MessageSystemAttributeNames = ["ApproximateReceiveCount"],
                },
                cancellationToken)).ConfigureAwait(false);
        foreach (Message message in answer.Messages ?? [])
        {
            bool isCounted = int.TryParse(
                message.Attributes?.GetValueOrDefault("ApproximateReceiveCount"), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
            messages.Add(new QueuedMessage(message.ReceiptHandle, Encoding.UTF8.GetBytes(message.Body ?? ""), isCounted ? count : 1));
        }
    }

    // An entry that SQS refuses (an old receipt, an internal error) is a message that comes again: nothing is lost, it counts as a repetition.
    private Task<DeleteMessageBatchResponse> DeleteAsync(QueuedMessage[] messages, CancellationToken cancellationToken) => SendAsync(
        () => _sqs.DeleteMessageBatchAsync(
            new DeleteMessageBatchRequest
            {
                QueueUrl = _options.QueueUrl.AbsoluteUri,
                Entries = [.. messages.Select((message, i) => new DeleteMessageBatchRequestEntry(i.ToString(CultureInfo.InvariantCulture), message.Handle))],
            },
            cancellationToken));

    private async Task<T> SendAsync<T>(Func<Task<T>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new IOException($"The queue {_options.QueueUrl} cannot be used: {e.Message}", e);
        }
    }
}
