# Sourced by the commands in this folder: finds Java, Maven and JBang, and builds the library into the local Maven
# repository when its sources are not those of the installed jar. Written for bash 3.2, which macOS has.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/environment/.cache
version=0.1.0
jbang_version=0.132.1
mkdir -p "$cache" || exit 1

# One sentence, and status 2: something outside of the project is missing or wrong.
fail() {
    echo "graft: $*" >&2
    exit 2
}

# step "doing something" COMMAND… : runs a command that takes long, its output in a log, and says how long it took.
step() {
    local what=$1 log=$cache/step.log started=$SECONDS clock= status
    shift
    if [ -t 2 ]; then
        ( while :; do printf '\rgraft: %s … %d s ' "$what" $((SECONDS - started)) >&2; sleep 1; done ) &
        clock=$!
        trap 'kill $clock 2>/dev/null; exit 130' INT
        trap 'kill $clock 2>/dev/null; exit 143' TERM
    else
        echo "graft: $what …" >&2
    fi
    "$@" >"$log" 2>&1 </dev/null
    status=$?
    if [ -n "$clock" ]; then
        kill "$clock" 2>/dev/null
        wait "$clock" 2>/dev/null
        trap - INT TERM
        printf '\r' >&2
    fi
    if [ $status -ne 0 ]; then
        # Without Maven's advice about its own options.
        sed '/^\[ERROR\] -> \[Help/,$d' "$log" | tail -n 30 >&2
        fail "${what%% (*} failed after $((SECONDS - started)) s; all of its output is in $log"
    fi
    echo "graft: ${what%% (*}: done in $((SECONDS - started)) s" >&2
}

# lock NAME … unlock: only one process at a time does this; the others wait. A lock whose owner has died is taken over.
lock() {
    local owner waited=0
    locked=$cache/$1.lock
    while ! mkdir "$locked" 2>/dev/null; do
        owner=$(cat "$locked/owner" 2>/dev/null)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            # Moving is atomic: of several that wait, one takes the dead lock away.
            mv "$locked" "$cache/dead.$$" 2>/dev/null && rm -rf "$cache/dead.$$"
            continue
        fi
        waited=$((waited + 1))
        [ $waited -ne 10 ] || echo "graft: waiting for process ${owner:-unknown}, which has $locked" >&2
        sleep 0.2
    done
    echo $$ >"$locked/owner"
    trap 'rm -rf "$locked"; leave' EXIT
}

unlock() {
    rm -rf "$locked"
    trap leave EXIT
}

# What a command does at its end; it may define its own.
leave() { :; }

# Sets JAVA_HOME to an installed JDK of at least version 17: the one that JAVA_HOME names, or the one on PATH.
find_java() {
    local java found
    java=$(command -v java)
    [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ] && java=$JAVA_HOME/bin/java
    [ -n "$java" ] || fail "Java is missing: install a JDK, version 17 or later, and put its java on PATH or its folder into JAVA_HOME"
    # Asking Java takes a tenth of a second; the answer is kept while the same java is asked.
    if [ -f "$cache/java" ] && { IFS= read -r found && IFS= read -r JAVA_HOME; } <"$cache/java" \
        && [ "$found" = "$java" ] && [ ! "$java" -nt "$cache/java" ] && [ -x "$JAVA_HOME/bin/javac" ]; then
        export JAVA_HOME
        return
    fi
    found=$("$java" -XshowSettings:properties -version 2>&1 </dev/null) || fail "$java does not run: install a JDK, version 17 or later"
    JAVA_HOME=$(printf '%s\n' "$found" | sed -n 's/^ *java\.home = //p')
    found=$(printf '%s\n' "$found" | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')
    [ "${found:-0}" -ge 17 ] || fail "$java is Java ${found:-of an unknown version}, and 17 or later is needed: install such a JDK and name its folder in JAVA_HOME"
    [ -x "$JAVA_HOME/bin/javac" ] || fail "$JAVA_HOME has no compiler: install a JDK (openjdk-${found}-jdk on Debian and Ubuntu), not only a runtime"
    export JAVA_HOME
    printf '%s\n%s\n' "$java" "$JAVA_HOME" >"$cache/java.$$" && mv "$cache/java.$$" "$cache/java"
}

find_maven() {
    command -v mvn >/dev/null || fail "Maven is missing: install it (maven on Debian, Ubuntu and Homebrew) and put its mvn on PATH"
}

maven() {
    mvn --batch-mode --no-transfer-progress -f "$root/pom.xml" "$@"
}

# What the library is built from, as one short line: contents, not times, so that a checkout or a fresh clone does not matter.
sources() {
    (
        cd "$root" || exit
        echo "${MAVEN_OPTS:-} ${MAVEN_ARGS:-}" # They may name another local repository.
        find pom.xml lib/pom.xml lib/src/main -type f -exec cksum {} + | LC_ALL=C sort
    ) | cksum | tr ' ' -
}

# Sets `repository` (the local Maven repository) and `jar` (the installed library) from the last build; false before the first.
find_library() {
    local classpath=$cache/classpath first
    [ -f "$classpath" ] || return 1
    IFS= read -r first <"$classpath"
    repository=${first%%/ai/djl/*}
    jar=$repository/graft/graft/$version/graft-$version.jar
}

# The installed jar remembers, in a file beside it, which sources it was built from: other clones install the same coordinates.
stamp() {
    echo "$(sources) $(cksum <"$jar")"
}

library_is_current() {
    find_library && [ -f "$jar" ] && [ -f "$jar.sources" ] && [ "$(cat "$jar.sources")" = "$(stamp)" ]
}

# install GOALS AND OPTIONS… : runs Maven up to `install` and notes what was built. Call it under the lock.
install_library() {
    local before status
    before=$(sources)
    if find_library && [ -f "$jar" ]; then
        # A running program keeps the old file; Maven writes into a copy of it.
        cp -p "$jar" "$jar.$$" && mv -f "$jar.$$" "$jar"
    fi
    maven install -Dgraft.commit="$(git -C "$root" rev-parse --short HEAD 2>/dev/null)" "$@"
    status=$?
    [ $status -eq 0 ] || return $status
    cp "$root/lib/target/classpath.txt" "$cache/classpath" && find_library && [ -f "$jar" ] || return 1
    # Sources that changed during the build are not what was built: no note, and the next command builds again.
    [ "$before" != "$(sources)" ] || stamp >"$jar.sources"
}

# Builds and installs the library if it is not there or its sources have changed.
ensure_library() {
    local why="once; a new machine fetches 200 MB for it"
    library_is_current && return
    find_maven
    lock build
    if ! library_is_current; then
        [ ! -f "$cache/classpath" ] || why="its sources have changed, or another clone's is installed"
        step "building the library ($why)" install_library -q -Dmaven.test.skip=true
    fi
    unlock
}

# Sets `jbang` to JBang's jar: that of an installed JBang of at least the version above, or the one from Maven Central.
find_jbang() {
    local installed target known
    mkdir -p "$cache/jbang"
    jbang=$repository/dev/jbang/jbang-cli/$jbang_version/jbang-cli-$jbang_version-all.jar
    installed=$(command -v jbang)
    while [ -L "$installed" ]; do
        target=$(readlink "$installed")
        case $target in
            /*) installed=$target ;;
            *) installed=$(dirname "$installed")/$target ;;
        esac
    done
    installed=$(dirname "${installed:-/}")/jbang.jar
    if [ -f "$installed" ]; then
        # Asking for the version takes half a second; the answer is kept while the jar stays the same.
        known=$cache/jbang/installed
        if [ ! -f "$known" ] || [ "$installed" -nt "$known" ] || [ "$(sed -n 1p "$known")" != "$installed" ]; then
            { echo "$installed"; "$JAVA_HOME/bin/java" -jar "$installed" version 2>/dev/null </dev/null; } >"$known.$$"
            mv "$known.$$" "$known"
        fi
        if [ "$( (echo "$jbang_version"; sed -n 2p "$known") | sort -t . -k 1,1n -k 2,2n -k 3,3n | sed -n 1p)" = "$jbang_version" ]; then
            jbang=$installed
            return
        fi
    fi
    [ -f "$jbang" ] && return
    find_maven
    lock build
    [ -f "$jbang" ] || step "fetching JBang (once, 10 MB)" maven -q -N org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get \
        -Dartifact="dev.jbang:jbang-cli:$jbang_version:jar:all" -Dtransitive=false
    unlock
}

# A training step asks for thousands of arrays, some of them of a hundred megabytes. By default glibc gives the large ones back to Linux,
# which clears them for the next: a third of the time of a step of MobileNetV2. So it keeps them. Other C libraries ignore this; what the
# user has set stays.
keep_memory() {
    export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}" MALLOC_MMAP_MAX_="${MALLOC_MMAP_MAX_:-0}"
    export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-100000000000}" MALLOC_TOP_PAD_="${MALLOC_TOP_PAD_:-67108864}"
}
