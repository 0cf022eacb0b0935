namespace IotOps.Aws.Signing;

/// <summary>A header on its way into a canonical request: the name in lower case, the value as sent.</summary>
internal readonly record struct SigningHeader(string Name, string Value);
