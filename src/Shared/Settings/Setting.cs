namespace IotOps.Shared;

/// <summary>A key that a section may have, for the reference of all keys.</summary>
/// <param name="Path">The key below the section, such as <c>Files:0:Path</c>.</param>
/// <param name="Form">How its value is written.</param>
/// <param name="Default">What holds when it is missing; null where it must be there.</param>
internal sealed record Setting(string Path, string Form, string? Default);
