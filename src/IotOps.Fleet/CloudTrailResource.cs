namespace IotOps.Fleet;

/// <summary>A resource that a call was made on.</summary>
/// <param name="Type">Such as <c>AWS::IoT::Thing</c>; null when the record does not say.</param>
/// <param name="Arn">Its ARN; null when the record does not say.</param>
/// <param name="AccountId">Its owner; null when the record does not say.</param>
public sealed record CloudTrailResource(string? Type, string? Arn, string? AccountId);
