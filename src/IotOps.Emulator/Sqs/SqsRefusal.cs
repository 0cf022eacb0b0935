using IotOps.Emulator.Http;

namespace IotOps.Emulator.Sqs;

/// <summary>
/// Errors of SQS: a code of the JSON protocol, and beside it the code of the older query protocol, which SDKs put into their exceptions.
/// See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html.
/// </summary>
internal static class SqsRefusal
{
    public const string QueryError = "query-error";

    public static Refusal NoQueue() => New("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");

    public static Refusal Exists(string attribute) =>
        New("QueueNameExists", "QueueAlreadyExists", $"A queue already exists with the same name and a different value for attribute {attribute}");

    public static Refusal Parameter(string message) => New("InvalidParameterValueException", "InvalidParameterValue", message);

    public static Refusal Missing(string member) => New("MissingRequiredParameterException", "MissingParameter", $"The request must contain the parameter {member}.");

    public static Refusal Attribute(string name) => New("InvalidAttributeName", "InvalidAttributeName", $"Unknown Attribute {name}.");

    public static Refusal AttributeValue(string name, string value) =>
        New("InvalidAttributeValue", "InvalidAttributeValue", $"Invalid value for the parameter {name}: {value}.");

    public static Refusal Characters() =>
        New("InvalidMessageContents", "InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");

    public static Refusal Receipt(string handle) => New("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", $"The input receipt handle \"{handle}\" is not a valid receipt handle.");

    public static Refusal NotInFlight() => New("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", "The message is not in flight.");

    public static Refusal OverLimit() => New("OverLimit", "OverLimit", "Too many messages in flight: 120,000.");

    public static Refusal Batch(string code, string message) => New(code, $"AWS.SimpleQueueService.{code}", message);

    private static Refusal New(string code, string queryCode, string message) => new(400, $"com.amazonaws.sqs#{code}", message) { Details = [new(QueryError, $"{queryCode};Sender")] };
}
