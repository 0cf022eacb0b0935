using System.Diagnostics.CodeAnalysis;

namespace IotOps.Emulator.ControlPlane;

/// <summary>The names of things and of thing groups.</summary>
internal static class IotName
{
    public const string Rule = "1 to 128 of A-Z a-z 0-9 : _ -";

    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= 128 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-');
}
