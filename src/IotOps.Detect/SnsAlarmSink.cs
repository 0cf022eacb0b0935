using System.Text;
using IotOps.Aws;
using IotOps.Detect.Alarms;

namespace IotOps.Detect;

/// <summary>
/// Publishes alarms to an SNS topic: JSON (<see cref="AlarmMessage.ToUtf8Json"/>) for programs, text for e-mail and SMS, with the attributes
/// <c>type</c>, <c>kind</c>, <c>rule</c>, <c>state</c> and <c>severity</c> for filter policies. On a FIFO topic the alarms of a rule keep their order,
/// and a message that is sent again within 5 minutes arrives once. Needs <c>sns:Publish</c>. See
/// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html.
/// </summary>
public sealed class SnsAlarmSink : IAlarmSink
{
    private readonly AwsClient _client;
    private readonly string _topic;

    /// <param name="client">A client of <see cref="Service"/>; stays the caller's.</param>
    /// <param name="topicArn">The topic, such as <c>arn:aws:sns:eu-west-1:123456789012:fleet-alarms</c>; one that ends in <c>.fifo</c> is a FIFO topic.</param>
    /// <param name="name">For status and logs; null for <c>sns</c> and the topic's name.</param>
    /// <exception cref="ArgumentException">The topic is not an ARN of one.</exception>
    public SnsAlarmSink(AwsClient client, string topicArn, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(topicArn);
        string[] parts = topicArn.Split(':');
        if (parts is not ["arn", _, "sns", _, _, { Length: > 0 } topic])
        {
            throw new ArgumentException($"'{topicArn}' is not the ARN of a topic; one looks like arn:aws:sns:eu-west-1:123456789012:fleet-alarms.", nameof(topicArn));
        }

        _client = client;
        _topic = topicArn;
        Name = name ?? $"sns {topic}";
    }

    /// <summary>Amazon SNS, for the client.</summary>
    public static AwsService Service { get; } = new("sns", "sns", "SNS");

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="AwsException">SNS refused, or could not be reached.</exception>
    public async Task SendAsync(AlarmMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var request = new AwsRequest
        {
            Operation = "Publish",
            Headers = [new("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            Body = Encoding.UTF8.GetBytes(SnsPublish.Form(message, _topic)),
        };
        await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
