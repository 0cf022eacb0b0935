namespace IotOps.Aws;

/// <summary>The headers that make a request a signed one.</summary>
/// <param name="Authorization">Value of <c>Authorization</c>.</param>
/// <param name="Date">Value of <c>X-Amz-Date</c>, such as <c>20150830T123600Z</c>.</param>
/// <param name="SecurityToken">Value of <c>X-Amz-Security-Token</c>; null when the credentials have none.</param>
/// <param name="ContentSha256">Value of <c>X-Amz-Content-SHA256</c>; null for services that do not want it.</param>
public readonly record struct SigV4Signature(string Authorization, string Date, string? SecurityToken, string? ContentSha256);
