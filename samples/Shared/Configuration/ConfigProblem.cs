namespace IotOps.Samples.Configuration;

/// <summary>One thing that is wrong with a configuration file.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
public sealed record ConfigProblem(int Line, string Message);
