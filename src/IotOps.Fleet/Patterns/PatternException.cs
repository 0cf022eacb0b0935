namespace IotOps.Fleet.Patterns;

/// <summary>Ends the reading of a pattern that is none.</summary>
internal sealed class PatternException(EventPatternProblem problem) : Exception(problem.ToString())
{
    public EventPatternProblem Problem => problem;
}
