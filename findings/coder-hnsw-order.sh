#!/usr/bin/env bash
# What:      Go module github.com/coder/hnsw v0.6.1, Graph.Search(query, k), as it comes.
# Guess:     the neighbours come nearest first, as from every other index of vectors.
# Behaviour: they come in the order of a heap: the first is the nearest of them, the others are in no order, and Search
#            gives no distances to sort by.
# Matters:   who asks for five people and lets the first three vote, or shows them as the likeliest, has the wrong
#            three in most searches. Compute the distances to all that came, and sort.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > main.go <<'GO'
package main

import (
	"fmt"
	"math/rand"
	"os"

	"github.com/coder/hnsw"
)

func main() {
	random := rand.New(rand.NewSource(1))
	graph := hnsw.NewGraph[int]()
	graph.Rng = rand.New(rand.NewSource(2))
	graph.Distance = hnsw.EuclideanDistance
	face := func() []float32 {
		vector := make([]float32, 16)
		for i := range vector {
			vector[i] = float32(random.NormFloat64())
		}
		return vector
	}
	for person := 0; person < 200; person++ {
		graph.Add(hnsw.MakeNode(person, face()))
	}
	unordered, wrongThree, nearestFirst := 0, 0, 0
	for probe := 0; probe < 100; probe++ {
		query := face()
		distances := []float32{}
		for _, node := range graph.Search(query, 5) {
			distances = append(distances, hnsw.EuclideanDistance(query, node.Value))
		}
		if probe == 0 {
			fmt.Println("distances of the first search, as they came:", distances)
		}
		sorted, before, farthest := true, false, max(distances[0], distances[1], distances[2])
		for i := 1; i < len(distances); i++ {
			sorted = sorted && distances[i] >= distances[i-1]
			before = before || distances[i] < distances[0]
		}
		if !sorted {
			unordered++
		}
		if min(distances[3], distances[4]) < farthest {
			wrongThree++
		}
		if !before {
			nearestFirst++
		}
	}
	fmt.Printf("of 100 searches for 5: %d not in order; in %d the first three are not the nearest; in %d the first is\n",
		unordered, wrongThree, nearestFirst)
	if unordered < 50 || wrongThree < 50 || nearestFirst != 100 {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("As described.")
}
GO
export GOFLAGS=-modcacherw GOPATH="$dir/go" GOCACHE="$dir/gocache"
go mod init finding > go.log 2>&1
go get github.com/coder/hnsw@v0.6.1 >> go.log 2>&1
go build -o search . >> go.log 2>&1
echo "coder/hnsw v0.6.1, $(go version)"
./search
